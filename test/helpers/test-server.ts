/** A started server whose connections, and if wanted whose clock, are in the test's hand. */
import { createSettings, type SettingValues } from "../../conf/index.js";
import type { ServerOptions } from "../../daemon/index.js";
import { createServer, type Server } from "../../daemon/server.js";
import type { MethodHandler, Service } from "../../protocol/engine.js";
import { MemoryStream } from "./memory-stream.js";
import { type Answer, answersOf, opening } from "./requests.js";
import { textService } from "./text-service.js";

/** The protocol that `startServer` serves if it is given handlers. */
export const TEXT_PROTOCOL = "test.Text";

export interface TestServerOptions extends Omit<ServerOptions, "services" | "conf"> {
  readonly handlers?: { readonly [method: string]: MethodHandler };
  readonly oneWay?: readonly string[];
  readonly services?: readonly Service[];
  readonly settings?: SettingValues;
}

/** Starts a server on any free port. It echoes unless it is told what to serve. */
export async function startServer(options: TestServerOptions = {}): Promise<Server> {
  const { handlers = { echo: (text) => text }, oneWay = [], services = [], settings = {}, ...rest } = options;
  const all = [textService(TEXT_PROTOCOL, handlers, { oneWay }), ...services];
  return createServer({ port: 0, ...rest, services: all, conf: createSettings(settings) }).start();
}

/** A connection without a socket. */
export class TestPeer {
  readonly stream: MemoryStream;
  #taken = 0;

  constructor(server: Server, options: { readonly closesBack?: boolean } = {}) {
    this.stream = new MemoryStream(options);
    server.accept(this.stream);
  }

  send(...chunks: readonly Uint8Array[]): void {
    this.stream.send(...chunks);
  }

  /** What the server has answered since the last time, taken apart. */
  answers(): Answer[] {
    const bytes = this.stream.received.subarray(this.#taken);
    this.#taken += bytes.length;
    return answersOf(bytes);
  }

  /** The same, as the texts of results and errors. */
  texts(): string[] {
    return this.answers().map((answer) => answer.errorMsg ?? answer.text);
  }
}

/** A connection that has opened for the text protocol. */
export function openPeer(server: Server, user?: string): TestPeer {
  const peer = new TestPeer(server);
  peer.send(opening(TEXT_PROTOCOL, user));
  return peer;
}

/** Lets the event loop turn a few times: everything that needs no clock, socket or promise of a test has happened then. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** A promise that the test settles. */
export interface Gate<T = string> {
  readonly opened: Promise<T>;
  open(value: T): void;
  fail(error: unknown): void;
}

export function gate<T = string>(): Gate<T> {
  const { promise, resolve, reject } = promiseWithResolvers<T>();
  return { opened: promise, open: resolve, fail: reject };
}

function promiseWithResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((take, refuse) => {
    resolve = take;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
