/**
 * Paths as a NameNode reads them: absolute, parts between slashes. Lookups are lenient and pass over empty parts; names that
 * are about to be created must be well formed.
 */
import { failure, invalidPath } from "./exceptions.js";

/** Longest path that may be created, in characters and in parts (Hadoop: `HdfsServerConstants`). */
const MAX_PATH_LENGTH = 8000;
const MAX_PATH_DEPTH = 1000;

/** At the root: the door to Hadoop's internal paths, of which there are none here. Nothing can be created there. */
const RESERVED = ".reserved";
/** In every directory: the door to its snapshots. */
const SNAPSHOTS = ".snapshot";

/** The parts of a path; none for the root. Throws AssertionError, as Hadoop does, for one that is not absolute. */
export function partsOf(path: string): readonly string[] {
  if (!path.startsWith("/")) throw failure("assertion", `Absolute path required, but got '${path}'`);
  return path.split("/").filter((part) => part !== "");
}

/** The path of some parts. */
export function pathOf(parts: readonly string[]): string {
  return `/${parts.join("/")}`;
}

/** The path may be given to a new file: absolute, with nothing empty, relative or with a colon in it. */
export function isValidName(path: string): boolean {
  if (!path.startsWith("/")) return false;
  const parts = path.replace(/\/+$/, "").split("/").slice(1);
  return parts.every((part) => part !== "" && part !== "." && part !== ".." && !part.includes(":"));
}

/** Throws if the path is too long for a new file; `operation` stands first in the message. */
export function assertPathLength(path: string, operation: string): void {
  const depth = path.split("/").filter((part) => part !== "").length;
  if (path.length > MAX_PATH_LENGTH || depth > MAX_PATH_DEPTH) {
    throw failure(
      "io",
      `${operation}: Pathname too long.  Limit ${MAX_PATH_LENGTH} characters, ${MAX_PATH_DEPTH} levels.`,
    );
  }
}

/** Throws if a part of the path is a name that Hadoop keeps for itself. */
export function assertNotReserved(parts: readonly string[]): void {
  if (parts.includes(SNAPSHOTS)) throw failure("hadoopIllegalArgument", `"${SNAPSHOTS}" is a reserved name.`);
  if (parts[0] === RESERVED) {
    throw failure(
      "hadoopIllegalArgument",
      `File name "${RESERVED}" is reserved and cannot be created. If this is during upgrade change the name of the ` +
        "existing file or directory to another name before upgrading to the new release.",
    );
  }
}

/** Throws if the path is Hadoop's own: it can be neither opened for writing nor removed nor given another owner. */
export function assertOrdinary(path: string): void {
  if (partsOf(path)[0] === RESERVED) throw invalidPath(path);
}

/**
 * What names are sorted by: their UTF-8 bytes as signed numbers, so that a letter beyond ASCII comes before "A" (Hadoop: `INode`).
 * Keys compare as strings do.
 */
export function sortKey(name: Uint8Array | string): string {
  const bytes = Buffer.from(name);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] as number) ^ 0x80;
  return bytes.toString("latin1");
}
