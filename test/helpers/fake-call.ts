/** Calls and connections without a server, for tests of single stages. */
import { ServerCall } from "../../daemon/call.js";
import { Connection } from "../../daemon/connection.js";
import { Deadlines } from "../../daemon/deadlines.js";
import type { RequestMemory } from "../../daemon/request-memory.js";
import type { MethodHandler } from "../../protocol/engine.js";
import { ByteReader } from "../../protocol/wire/byte-reader.js";
import { ManualClock } from "./manual-clock.js";
import { MemoryStream } from "./memory-stream.js";
import { CLIENT_ID, textBody } from "./requests.js";
import { textEngine, textService } from "./text-service.js";

export interface FakeConnection {
  readonly connection: Connection;
  readonly stream: MemoryStream;
  readonly clock: ManualClock;
}

/** A connection that is open for calls. */
export function fakeConnection(clock: ManualClock = new ManualClock(), memory?: RequestMemory): FakeConnection {
  const stream = new MemoryStream();
  const deadlines = new Deadlines<Connection | ServerCall>(clock, (entry) => {
    if (entry instanceof ServerCall) entry.cancel("the deadline passed");
    else entry.destroy("expired");
  });
  const connection = new Connection(stream, deadlines, 1024, clock.now(), memory);
  connection.enter({ kind: "context" });
  connection.enter({ kind: "open", protocol: "test.Fake" });
  return { connection, stream, clock };
}

export interface FakeCallOptions {
  readonly id?: number;
  readonly handler?: MethodHandler;
  readonly args?: readonly string[];
  readonly oneWay?: boolean;
  readonly connection?: Connection;
  /** The user of the connection; none by default. */
  readonly user?: string;
  readonly priorityLevel?: number;
}

/** A call of the text engine on a connection of its own, unless it is given one. */
export function fakeCall(options: FakeCallOptions = {}): ServerCall {
  const { id = 0, handler = (text) => text, args = ["hi"], oneWay = false } = options;
  const connection = options.connection ?? fakeConnection().connection;
  if (options.user !== undefined) connection.user = { name: options.user, authMethod: "SIMPLE" };
  const service = textService("test.Fake", { run: handler }, { oneWay: oneWay ? ["run"] : [] });
  const lookup = { find: () => service, versions: () => [1] };
  const session = textEngine.openServer(lookup, { maxEmptyItems: 0, maxObjects: 0, maxDepth: 1, maxSchemaBytes: 0 });
  const request = session.readRequest(new ByteReader(textBody("run", args).build()), "test.Fake");
  const call = new ServerCall(connection, request, id, 0, CLIENT_ID);
  call.priorityLevel = options.priorityLevel ?? 0;
  connection.addCall(call);
  return call;
}
