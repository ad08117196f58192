/** Translates what Node says about a connection that could not be made. */
import { hostname } from "node:os";
import { RpcError } from "../protocol/rpc-error.js";
import type { Address } from "./address.js";

/** Node's codes, in words that say what to do. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused: is the server running, and is this its RPC port?",
  ECONNRESET: "connection reset while connecting: the server or something in between does not take connections",
  ENOTFOUND: "unknown host: check the name",
  EAI_AGAIN: "the name could not be resolved now: check the name server",
  EHOSTUNREACH: "no route to host: check the address and the network",
  ENETUNREACH: "network unreachable: check the address and the network",
  EADDRNOTAVAIL: "no local address or port is free: are too many connections open?",
  EMFILE: "too many open files: raise the limit of descriptors (ulimit -n)",
  ENFILE: "too many open files in the whole system",
  EACCES: "not permitted: check the firewall of this machine",
  EPERM: "not permitted: check the firewall of this machine",
};

/** Errors that the next attempt would only meet again. */
const FINAL_CODES: ReadonlySet<string> = new Set(["ENOTFOUND"]);

/** Why one attempt to connect failed. */
export interface ConnectFailure {
  readonly timedOut: boolean;
  /** Trying again is of no use. */
  readonly final: boolean;
  readonly advice: string;
  readonly cause: Error | undefined;
}

/** `error` is what the stream closed with. */
export function connectFailureOf(error: Error | undefined): ConnectFailure {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (code === "ETIMEDOUT") return { timedOut: true, final: false, advice: "the network gave up", cause: error };
  const fallback = error === undefined || error.message === "" ? code : error.message;
  const advice = ADVICE[code] ?? (fallback === "" ? "the connection closed at once" : fallback);
  return { timedOut: false, final: FINAL_CODES.has(code), advice, cause: error };
}

/** The error for calls that wait for a connection after `attempts` attempts, the last of which failed so. */
export function connectError(address: Address, failure: ConnectFailure, attempts: number, timeoutMs: number): RpcError {
  const tries = attempts === 1 ? "" : ` (${attempts} attempts)`;
  const start = `Call from ${hostname()} to ${address.text} failed: `;
  if (!failure.timedOut)
    return new RpcError("CONNECT_FAILED", `${start}${failure.advice}${tries}`, { cause: failure.cause });
  const advice = `no connection within ${timeoutMs} ms (ipc.client.connect.timeout)${tries}: is the host up, and does a firewall drop packets?`;
  return new RpcError("CONNECT_TIMED_OUT", start + advice, { cause: failure.cause });
}
