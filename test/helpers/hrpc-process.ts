/** The program hrpc as a child process. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Finished } from "./daemon-process.js";

/** The compiled program. */
export const HRPC = fileURLToPath(new URL("../../client/main.js", import.meta.url));

/** Variables of this process's environment that would change what hrpc does. */
const INFLUENCES = ["HRPCD_CONF_DIR", "HADOOP_CONF_DIR", "HADOOP_USER_NAME"];

function plainEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !INFLUENCES.includes(name));
  return Object.fromEntries(inherited);
}

/** Starts hrpc with nothing on standard input. */
export function startHrpc(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess & { readonly stdout: NodeJS.ReadableStream; readonly stderr: NodeJS.ReadableStream } {
  return spawn(process.execPath, [HRPC, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...plainEnvironment(), ...env },
  }) as ReturnType<typeof startHrpc>;
}

/** Runs hrpc to its end. */
export async function runHrpc(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const child = startHrpc(args, env);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}

/** Runs to the end, successfully and without a word on standard error; the result. */
export async function resultOf(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHrpc(args);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return stdout;
}
