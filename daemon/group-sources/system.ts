/**
 * The groups that the operating system knows of a user, LDAP's and others' through its name services, as the command `id` tells
 * them (Hadoop: security/ShellBasedUnixGroupsMapping.java).
 */
import { execFile } from "node:child_process";
import PQueue from "p-queue";
import { JAVA_CLASS, RpcError } from "../../protocol/rpc-error.js";
import type { GroupSource } from "../group-source.js";
import { isUserName } from "../user-name.js";

/** How long `id` may take; a directory that does not answer must not hold a handler for ever. */
const TIMEOUT_MS = 10_000;
/** Commands that run at the same time: whoever asks for many users must not fill the machine with processes. */
const MAX_COMMANDS = 4;
/** Commands that wait for these: each holds a handler, and the server's other callers need some. */
const MAX_WAITING = 4;

/** What a command that ran has printed, and its exit code. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
}

/** Runs a program without a shell. Rejects if it cannot be run or takes too long. */
export type RunCommand = (program: string, args: readonly string[]) => Promise<CommandResult>;

/**
 * Asks `id` anew for every user. Rejects with ERROR_APPLICATION if it cannot be run or takes too long, and with a
 * RetriableException if too many ask at the same time.
 */
export class SystemGroups implements GroupSource {
  readonly #run: RunCommand;
  readonly #commands = new PQueue({ concurrency: MAX_COMMANDS });

  constructor(run: RunCommand = runCommand) {
    this.#run = run;
  }

  async groupsOf(user: string): Promise<readonly string[]> {
    if (!isUserName(user)) return [];
    if (this.#commands.size >= MAX_WAITING) {
      throw new RpcError("ERROR_RPC_SERVER", "too many ask for groups that are not remembered: try again", {
        javaClass: JAVA_CLASS.retriable,
      });
    }
    let result: CommandResult;
    try {
      result = await this.#commands.add(() => this.#run("id", ["-Gn", "--", user]));
    } catch (cause) {
      const reason = RpcError.from(cause).message;
      throw new RpcError("ERROR_APPLICATION", `the groups of ${user} cannot be found out: ${reason}`, { cause });
    }
    const names = result.stdout.split(/\s+/).filter((name) => name !== "");
    // Of a user that it does not know it prints nothing; a group without a name it prints as a number, and fails.
    return result.code === 0 ? names : names.filter((name) => !/^[0-9]+$/.test(name));
  }
}

function runCommand(program: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: TIMEOUT_MS, killSignal: "SIGKILL" }, (error, stdout) => {
      if (error === null) resolve({ code: 0, stdout });
      else if (typeof error.code === "number") resolve({ code: error.code, stdout });
      else reject(error.killed === true ? new Error(`${program} took longer than ${TIMEOUT_MS} ms`) : error);
    });
  });
}
