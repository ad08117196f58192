/** Where a command prints something else with our servers than with Hadoop's, and why. Everything else must be the same. */
import type { Outcome } from "./hadoop-shell.js";

export interface ShellDifference {
  readonly reason: string;
  /** What is printed with ours. */
  readonly ours: Outcome;
}

const NOTHING_INSIDE =
  "the example refuses Hadoop's own names as Hadoop does, but has nothing there that could be found";

/** By the command's line. */
export const SHELL_DIFFERENCES: ReadonlyMap<string, ShellDifference> = new Map<string, ShellDifference>([
  [
    "fs -mkdir /.reserved",
    {
      reason: NOTHING_INSIDE,
      ours: refused(
        'mkdir: File name ".reserved" is reserved and cannot be created. If this is during upgrade change the name of the ' +
          "existing file or directory to another name before upgrading to the new release.",
      ),
    },
  ],
  ["fs -mkdir /.snapshot", { reason: NOTHING_INSIDE, ours: refused('mkdir: ".snapshot" is a reserved name.') }],
  [
    "fs -appendToFile EMPTY /a/put",
    {
      reason: "whoever appends has data, and the example takes none",
      ours: refused(
        "appendToFile: Append is not enabled on this NameNode. Use the dfs.support.append configuration option to enable it.",
      ),
    },
  ],
  [
    "haadmin -ns ns -getServiceState nn1",
    {
      reason: "hrpcd has no stand-by, so it does not serve the protocol; a NameNode without one says that it has none",
      ours: refused("Operation failed: Unknown protocol: org.apache.hadoop.ha.HAServiceProtocol", -1),
    },
  ],
]);

function refused(err: string, exit = 1): Outcome {
  return { exit, out: "", err: `${err}\n` };
}
