/**
 * Lines for whoever runs the server: slow calls, what held the event loop, who was let in. Each kind has its own bound on
 * lines per second.
 */
import type { EventPayloads } from "../protocol/events.js";
import { cut } from "./log-text.js";

/** Category of the audit lines: Hadoop's logger of that name. */
const AUDIT_LOGGER = "SecurityLogger.org.apache.hadoop.ipc.Server";

/** Hadoop's line, with the user (ipc/Server.java logSlowRpcCalls, RpcCall.toString; ipc/ProcessingDetails.java toString). */
export function slowCallText(event: EventPayloads["hrpcd:call:slow"]): string {
  const { peer, user, protocol, method, callId, retryCount, timesMs, thresholdMs } = event;
  const details = Object.entries(timesMs).map(([timing, ms]) => `${timing}Time=${Math.round(ms)}`);
  return (
    `Slow RPC : ${method} took ${Math.round(timesMs.processing ?? 0)} milliseconds to process from client ` +
    `Call#${callId} Retry#${retryCount} ${protocol}.${method} from ${peer} (${cut(user)}), ` +
    `the processing detail is ${details.join(" ")}, and the threshold time is ${thresholdMs} milliseconds.`
  );
}

/** What held the event loop, and for how long. */
export function heldLoopText({ ms, call }: EventPayloads["hrpcd:loop:held"]): string {
  const held = `held the event loop for ${Math.round(ms)} ms`;
  if (call !== undefined) {
    return `The method ${call.protocol}.${call.method} called by ${cut(call.user)} from ${call.peer} ${held}`;
  }
  return `Something ${held}: no method before its first await; look at what follows one, at timers, and at garbage collection`;
}

/** Hadoop's audit line, behind the name of its logger (ipc/Server.java; security/authorize/ServiceAuthorizationManager.java). */
export function auditText(event: EventPayloads["hrpcd:security:audit"]): string {
  const { decision, granted, peer, user, authMethod, protocol, reason } = event;
  const who = user === undefined ? "null" : `${cut(user)} (auth:${authMethod})`;
  const outcome = granted ? "successful" : "failed";
  if (decision === "authorization") {
    const because = granted ? "" : `: ${cut(reason)}`;
    return `${AUDIT_LOGGER}: Authorization ${outcome} for ${who} for protocol=${cut(protocol)} from ${peer}${because}`;
  }
  return granted
    ? `${AUDIT_LOGGER}: Auth successful for ${who} from ${peer} / protocol=${cut(protocol)}`
    : `${AUDIT_LOGGER}: Auth failed for ${peer}:${who} (${cut(reason)})`;
}
