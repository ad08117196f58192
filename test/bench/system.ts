/**
 * Contract of a system under measurement: an echo server, and a client that keeps many calls of it in flight.
 *
 * `systems/` holds one file per system. Calls are numbered by slots, so that a driver needs no object of ours per call.
 */

/** Names of the systems, in the order of the table; the first is what the others are compared with. */
export const SYSTEM_NAMES = ["raw", "hrpcd-avro", "hrpcd-writable", "hrpcd-protobuf", "avsc", "grpc-js"] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];

export interface EchoServer {
  /** Port on 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

export interface EchoOptions {
  readonly port: number;
  /** Length of the payload that every call carries there and back, in bytes. */
  readonly payloadBytes: number;
  /** Slots are numbered from 0 to one below this; at most one call per slot is in flight. */
  readonly slots: number;
  /** The call of this slot came back with as many bytes as were sent. */
  readonly onEcho: (slot: number) => void;
  /** A call failed or came back with something else; the measurement ends. */
  readonly onFault: (fault: unknown) => void;
}

/** One connection of a client. */
export interface EchoConnection {
  /** Sends one call; must not call `onEcho` before it returns. */
  call(slot: number): void;
  close(): Promise<void>;
}

export interface EchoSystem {
  serve(): Promise<EchoServer>;
  connect(options: EchoOptions): Promise<EchoConnection>;
}

/** The payload as text: ASCII, not all one letter. */
export function payloadText(payloadBytes: number): string {
  return "the quick brown fox jumps over the lazy dog 0123456789 "
    .repeat(Math.ceil(payloadBytes / 55))
    .slice(0, payloadBytes);
}

const LOADERS: Readonly<Record<SystemName, () => Promise<EchoSystem>>> = {
  raw: async () => (await import("./systems/raw.js")).rawSystem,
  "hrpcd-avro": async () => (await import("./systems/hrpcd.js")).hrpcdAvroSystem,
  "hrpcd-writable": async () => (await import("./systems/hrpcd.js")).hrpcdWritableSystem,
  "hrpcd-protobuf": async () => (await import("./systems/hrpcd.js")).hrpcdProtobufSystem,
  avsc: async () => (await import("./systems/avsc.js")).avscSystem,
  "grpc-js": async () => (await import("./systems/grpc-js.js")).grpcSystem,
};

/** Loads the code of one system and of no other. */
export function loadSystem(name: SystemName): Promise<EchoSystem> {
  return LOADERS[name]();
}
