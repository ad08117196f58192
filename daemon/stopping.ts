/**
 * How the program stops: server first, then the service modules in the reverse order of their starts, all within the grace.
 */
import { RpcError } from "../protocol/rpc-error.js";
import type { ServiceModule } from "./service-loader.js";

/** A module's `stop` gets this long, even if the calls have used up the grace. */
const LEAST_MODULE_MS = 1000;

/** What a stop needs of the program. */
export interface StopOptions {
  readonly log: { info(line: string): unknown; error(line: string): unknown };
  readonly server: { stop(graceMs: number): Promise<void> };
  /** In the order in which they were started. */
  readonly modules: readonly NamedModule[];
  readonly graceMs: number;
  readonly clock: { now(): number; after(delayMs: number, task: () => void): { stop(): void } };
}

/** A service module under the name that the settings give it. */
export interface NamedModule {
  readonly name: string;
  readonly module: Pick<ServiceModule, "start" | "stop">;
}

/** Stops the server and then the modules. Gives whether all went well; every fault is logged. */
export async function stopProgram({ log, server, modules, graceMs, clock }: StopOptions): Promise<boolean> {
  const untilMs = clock.now() + graceMs;
  let well = true;
  try {
    await server.stop(graceMs);
  } catch (error) {
    log.error(`The server stopped with a fault: ${stackOf(error)}`);
    well = false;
  }
  return (await stopModules(modules, untilMs - clock.now(), log, clock)) && well;
}

/**
 * Stops modules, the last one first; one that throws keeps no other from being stopped, and one that hangs does so until
 * `leftMs`, at least a second, are over for all of them together. Gives whether each one has stopped.
 */
export async function stopModules(
  modules: readonly NamedModule[],
  leftMs: number,
  log: Pick<StopOptions["log"], "error">,
  clock: StopOptions["clock"],
): Promise<boolean> {
  const withinMs = Math.max(leftMs, LEAST_MODULE_MS);
  let well = true;
  let current = "";
  const stopAll = async (): Promise<"stopped"> => {
    for (const { name, module } of [...modules].reverse()) {
      current = name;
      try {
        await module.stop?.();
      } catch (error) {
        log.error(`The service module "${name}" stopped with a fault: ${stackOf(error)}`);
        well = false;
      }
    }
    return "stopped";
  };
  let timer: { stop(): void } | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = clock.after(withinMs, () => resolve("late"));
  });
  const outcome = await Promise.race([stopAll(), late]);
  timer?.stop();
  if (outcome === "stopped") return well;
  log.error(`The service module "${current}" has not stopped within ${Math.round(withinMs)} ms: it is left behind`);
  return false;
}

/** The stack of whatever was thrown. */
export function stackOf(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : RpcError.from(thrown);
  return String(error.stack ?? error.message);
}
