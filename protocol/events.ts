/**
 * What happens inside a server or a client, told on Node's diagnostics channels. Log lines and metrics read them; the
 * parts that publish know neither. Payloads are plain values and are only made when somebody listens.
 */
import { type Channel, channel } from "node:diagnostics_channel";

/** Every event there is, by the name of its diagnostics channel, and what it tells. */
export interface EventPayloads {
  /** A server listens. */
  "hrpcd:server:listening": { readonly address: string; readonly port: number };
  /** The process has no file descriptor left for a connection, or has some again; `limit` is what it may have, if known. */
  "hrpcd:server:descriptors": { readonly exhausted: boolean; readonly limit: number | undefined };
  /** A server accepted a connection. */
  "hrpcd:connection:open": { readonly peer: string; readonly open: number };
  /** A connection of a server ended; `reason` is empty when the peer simply left. */
  "hrpcd:connection:close": { readonly peer: string; readonly open: number; readonly reason: string };
  /** A peer was turned away: it spoke another protocol, broke a rule, was too slow or one too many. */
  "hrpcd:connection:refused": { readonly peer: string; readonly reason: string };
  /** A method threw, or its result could not be encoded. */
  "hrpcd:call:failed": {
    readonly peer: string;
    readonly user: string;
    readonly protocol: string;
    readonly method: string;
    readonly error: unknown;
  };
  /** A call was taken from the queue and not run: its client was gone, gave up, or its deadline had passed. */
  "hrpcd:call:dropped": {
    readonly peer: string;
    readonly protocol: string;
    readonly method: string;
    readonly reason: string;
  };
  /** A call was refused for overload: the queue had no room, or answers of its level take too long. */
  "hrpcd:call:refused": {
    readonly peer: string;
    readonly user: string;
    readonly protocol: string;
    readonly method: string;
    readonly priorityLevel: number;
    /** What the caller is told. */
    readonly reason: string;
    /** The connection was closed with it. */
    readonly disconnected: boolean;
  };
  /** Somebody asks for something that is an operator's to ask. */
  "hrpcd:admin:call": {
    readonly peer: string;
    readonly user: string;
    readonly protocol: string;
    readonly method: string;
  };
  /** A page of the HTTP listener could not be made. */
  "hrpcd:http:failed": { readonly path: string; readonly error: unknown };
  /** A response is longer than `ipc.server.max.response.size`; it is sent all the same. */
  "hrpcd:response:large": {
    readonly peer: string;
    readonly protocol: string;
    readonly method: string;
    readonly bytes: number;
  };
  /** A call was slow by one of the rules of the settings; counted as RpcSlowCalls. */
  "hrpcd:call:slow": {
    readonly peer: string;
    readonly user: string;
    readonly protocol: string;
    readonly method: string;
    readonly callId: number;
    readonly retryCount: number;
    /** Milliseconds of each of Hadoop's phases: `queue`, `processing` and the others. */
    readonly timesMs: Readonly<Record<string, number>>;
    /** The threshold of the rule, in milliseconds. */
    readonly thresholdMs: number;
  };
  /** The event loop was held for 5 milliseconds or more, and nobody was read, run or answered meanwhile. */
  "hrpcd:loop:held": {
    readonly ms: number;
    /** Whose method it was, before its first `await`; undefined if it was none. */
    readonly call:
      | { readonly peer: string; readonly user: string; readonly protocol: string; readonly method: string }
      | undefined;
  };
  /** A peer has proved who it is, or a user was allowed to use a protocol; or not. */
  "hrpcd:security:audit": {
    readonly decision: "authentication" | "authorization";
    readonly granted: boolean;
    readonly peer: string;
    /** Undefined if the peer has named nobody. */
    readonly user: string | undefined;
    readonly authMethod: string;
    readonly protocol: string;
    /** Why not; empty if granted. */
    readonly reason: string;
  };
}

/** Name of an event, which is also the name of its diagnostics channel. */
export type EventName = keyof EventPayloads;

const channels = new Map<EventName, Channel>();

function channelOf(name: EventName): Channel {
  let found = channels.get(name);
  if (found === undefined) {
    found = channel(name);
    channels.set(name, found);
  }
  return found;
}

/** Tells an event; `payload` is called only if somebody listens. */
export function publish<N extends EventName>(name: N, payload: () => EventPayloads[N]): void {
  const target = channelOf(name);
  if (target.hasSubscribers) target.publish(payload());
}

/** Listens to an event; returns the function that stops listening. */
export function subscribe<N extends EventName>(name: N, listener: (payload: EventPayloads[N]) => void): () => void {
  const target = channelOf(name);
  const handler = (message: unknown) => listener(message as EventPayloads[N]);
  target.subscribe(handler);
  return () => {
    target.unsubscribe(handler);
  };
}
