/** A protobuf protocol in files of every kind, and a server of it, for tests of programs that are told of it by files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, implement } from "../../daemon/index.js";
import { parseProto, protobuf } from "../../protocol/index.js";
import { jarOf } from "../protocol/engines/protobuf/jar-builder.js";

/** The name that travels, and that the jar tells. */
export const STORE = "org.example.protocol.StoreProtocol";
/** The Java interface by which a server knows it. */
export const STORE_INTERFACE = "org.example.StorePB";

const TYPES = `
  syntax = "proto2";
  package demo;
  option java_package = "org.example";
  option java_outer_classname = "StoreProtos";
  enum Color { RED = 1; GREEN = 2; }
  message Item {
    required string name = 1;
    optional uint64 size = 2;
    optional bytes data = 3;
    optional Color color = 4;
  }
  message Nothing {}
`;
const OLD_SERVICE = "service Store { rpc put(Item) returns (Item); rpc caller(Nothing) returns (Item); }";
const SERVICE = OLD_SERVICE.replace("}", "rpc drop(Nothing) returns (Nothing); }");

interface Item {
  readonly name: string;
  readonly size?: bigint | undefined;
  readonly data?: Uint8Array | undefined;
  readonly color?: "RED" | "GREEN" | undefined;
}

/** Files that define the protocol, until they are disposed of. */
export class ProtoFiles implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "hrpcd-proto-"));
  /** Tells of the protocol, version 3, and holds its service. */
  readonly jar = this.#write("store.jar", storeJar());
  /** Holds the service alone. */
  readonly proto = this.#write("store.proto", TYPES + SERVICE);
  /** Holds no service. */
  readonly messages = this.#write("messages.proto", TYPES);
  /** Has a fault in its line 3. */
  readonly faulty = this.#write("faulty.proto", 'syntax = "proto2";\nmessage A {\n  int32 = 1;\n}');

  #write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

function storeJar(): Uint8Array {
  const text = TYPES + SERVICE;
  const proto = {
    path: "store.proto",
    text,
    package: "demo",
    javaPackage: "org.example",
    javaOuterClass: "StoreProtos",
  };
  const told = {
    name: STORE_INTERFACE.replaceAll(".", "/"),
    service: "org/example/StoreProtos$Store",
    protocolName: STORE,
    version: 3n,
  };
  const lost = { ...told, name: "org/example/LostPB", service: "org/example/LostProtos$Lost" };
  return jarOf([proto], [told, { ...lost, protocolName: "org.example.LostProtocol", version: 1n }]);
}

/** A server of an older edition of version 3, which has no `drop`. `caller` gives the user and the caller context. */
export async function startStoreServer(): Promise<AsyncDisposable & { readonly address: string }> {
  const source = await parseProto({ "store.proto": TYPES + OLD_SERVICE });
  const Store = protobuf<{ put(item: Item): Item; caller(nothing: object): Item }>({
    source,
    service: "Store",
    protocolName: STORE,
    version: 3,
    javaInterface: STORE_INTERFACE,
  });
  const service = implement(Store, {
    put: (item) => item,
    caller: (_nothing, call) => ({ name: `${call.user?.name} ${call.callerContext?.context}` }),
  });
  const server = await createServer({ bindAddress: "127.0.0.1", port: 0, services: [service] }).start();
  return { address: `127.0.0.1:${server.port}`, [Symbol.asyncDispose]: () => server.stop() };
}
