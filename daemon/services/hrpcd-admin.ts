/**
 * `hrpc admin ADDR reload|shutdown` of the program hrpcd. Whoever may do this can end the service, and a user name that nobody
 * has proved (SIMPLE) is no reason to let them: so the caller must be on this machine besides, where the operator decides who
 * else is. Each call is told as the event `hrpcd:admin:call`, refused or not.
 */
import { isIP } from "node:net";
import type { Service } from "../../protocol/engine.js";
import { publish } from "../../protocol/events.js";
import { HrpcdAdmin } from "../../protocol/hrpcd-admin.js";
import { JAVA_CLASS, RpcError } from "../../protocol/rpc-error.js";
import type { Call } from "../call.js";
import { implement } from "../protocols.js";

/** What came of reading the settings again. */
export interface ReloadReport {
  /** Keys whose new values are in force. */
  readonly changed: readonly string[];
  /** Keys that changed and need a restart. */
  readonly pending: readonly string[];
  /** What is odd about the files, a sentence each. */
  readonly warnings: readonly string[];
}

/** What the program does for its operators. */
export interface HrpcdAdminOptions {
  /** Users who may call; asked at each call. */
  readonly users: () => readonly string[];
  /** What it throws is the operator's answer. */
  readonly reload: () => ReloadReport;
  /** Begins to drain, and returns at once; `who` is for the log. */
  readonly shutdown: (who: string) => unknown;
}

/** The service, for the program alone. */
export function hrpcdAdminService({ users, reload, shutdown }: HrpcdAdminOptions): Service {
  const admit = (call: Call): string => {
    const user = call.user?.name ?? "";
    const peer = `${call.remoteAddress}:${call.remotePort}`;
    const { protocolName: protocol, methodName: method } = call;
    publish("hrpcd:admin:call", () => ({ peer, user, protocol, method }));
    if (!isLoopback(call.remoteAddress)) {
      throw refused(
        `${method} is for callers on the server's own machine: run hrpc admin there, with a loopback address`,
      );
    }
    if (!users().includes(user)) {
      throw refused(
        `User ${user} may not ${method}: hrpcd.admin.users names who may, by default the daemon's own user`,
      );
    }
    return `${user} at ${peer}`;
  };
  return implement(HrpcdAdmin, {
    reload: (call) => {
      admit(call);
      const { changed, pending, warnings } = reload();
      return { changed: [...changed], pending: [...pending], warnings: [...warnings] };
    },
    shutdown: (call) => {
      shutdown(admit(call));
    },
  });
}

/** An address of 127.0.0.0/8, bare or in IPv6, or ::1. */
function isLoopback(address: string): boolean {
  const bare = address.replace(/^::ffff:/, "");
  return address === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}

function refused(message: string): RpcError {
  return new RpcError("ERROR_APPLICATION", message, { javaClass: JAVA_CLASS.accessControl });
}
