/**
 * What signals and operators change while the daemon runs: they have it read its settings again. A fault changes nothing.
 */
import { formatFault, type Settings } from "../conf/index.js";
import { LIVE_KEYS } from "../conf/keys.js";
import type { HttpListener } from "./http-listener.js";
import type { KeySet, LiveSettings } from "./live-settings.js";
import { CALL_QUEUE_KEYS } from "./make-call-queue.js";
import { PROGRAM_LOG_KEYS, type ProgramLog } from "./program-log.js";
import type { Server } from "./server.js";
import type { ServiceManager } from "./service-manager.js";
import type { ReloadReport } from "./services/hrpcd-admin.js";

/** What the program itself reads. The rest is in the settings that the server is made of: they were read at the start. */
const LIVE_BEFORE_SERVER: readonly string[] = [...PROGRAM_LOG_KEYS, "hrpcd.admin.users", "hrpcd.shutdown.grace.ms"];
/** What the line about the call queue depends on. */
const QUEUE_LINE_KEYS: KeySet = { includes: (key) => key === "hrpcd.handlers" || CALL_QUEUE_KEYS.includes(key) };
/** What a server takes besides. */
const LIVE: KeySet = { includes: (key) => LIVE_KEYS.some((live) => live === key) || CALL_QUEUE_KEYS.includes(key) };

/** The parts of the running program that settings reach. */
export interface Daemon {
  readonly settings: LiveSettings;
  readonly logs: ProgramLog;
  readonly manager: Pick<ServiceManager, "ready" | "reloading" | "stopping">;
  /** Undefined while the services are loaded. */
  server: Server | undefined;
  /** Undefined unless it is asked for. */
  http: HttpListener | undefined;
}

/** Reads the settings again and makes a new call queue of them. Throws SettingsError, and changes nothing, for any fault. */
export function refreshCallQueue({ settings, logs }: Daemon, server: Server): void {
  const { changed } = settings.refresh(CALL_QUEUE_KEYS, (read) => server.refreshCallQueue(read));
  if (changed.length > 0) logs.log.info(callQueueLine(server));
}

/**
 * Reads the settings again: what is live takes effect, what needs a restart is said. Throws SettingsError, and changes nothing,
 * for any fault.
 */
export function reload(daemon: Daemon): ReloadReport {
  const { manager, server } = daemon;
  if (server !== undefined) manager.reloading(process.hrtime.bigint() / 1000n);
  try {
    return takeSettings(daemon);
  } finally {
    if (server !== undefined) manager.ready(servingStatus(server));
  }
}

function takeSettings({ settings, logs, server }: Daemon): ReloadReport {
  const { log } = logs;
  const keys: KeySet = server === undefined ? LIVE_BEFORE_SERVER : LIVE;
  const refreshed = settings.refresh(keys, (read: Settings) => {
    server?.reload(read);
    logs.configure(read);
  });
  const { changed, pending } = refreshed;
  const warnings = refreshed.warnings.map(formatFault);
  for (const warning of warnings) log.warn(warning);
  if (server !== undefined && changed.some((key) => QUEUE_LINE_KEYS.includes(key))) log.info(callQueueLine(server));
  const taken = changed.length === 0 ? "" : `; in force now: ${changed.join(", ")}`;
  const left = pending.length === 0 ? "" : `; these changes need a restart: ${pending.join(", ")}`;
  log.info(`Settings read again${taken}${left}`);
  return { changed, pending, warnings };
}

/** What the service manager shows of a server that serves. */
export function servingStatus({ address: { address, port } }: Server): string {
  return `serving on ${address}:${port}`;
}

/** What Hadoop says of a call queue. */
export function callQueueLine({ callQueue }: Server): string {
  const { queueClass, queue, schedulerClass, backoff, failover } = callQueue;
  return (
    `Using callQueue: class ${queueClass}, queueCapacity: ${queue.capacity}, ` +
    `scheduler: class ${schedulerClass}, ipcBackoff: ${backoff}, ipcFailOver: ${failover}.`
  );
}
