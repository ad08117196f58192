/** The garbage collector on demand, without a flag on the command line. */
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Collects twice with a pause between, so that what finalizers release is gone too. */
export async function collectGarbage(): Promise<void> {
  collect();
  await sleep(50);
  collect();
}
