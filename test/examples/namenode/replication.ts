/** How many copies of a file there should be. Nobody makes them here; the number is kept. */
import { failure } from "./exceptions.js";

/** Fewest and most copies (Hadoop: dfs.namenode.replication.min, dfs.replication.max). */
const MIN = 1;
const MAX = 512;

/** Throws IOException for a number out of range. A client that creates a file is named by its address. */
export function assertReplication(replication: number, src: string, machine?: string): void {
  const about = `for ${src}${machine === undefined ? "" : `, clientName=${machine}`}`;
  const what = `Requested replication factor of ${replication}`;
  if (replication > MAX) throw failure("io", `${what} exceeds maximum of ${MAX} ${about}`);
  if (replication < MIN) throw failure("io", `${what} is less than the required minimum of ${MIN} ${about}`);
}
