/** A protocol of the protobuf engine: its definition, and what is made of it once so that calls are cheap. */
import type {
  AnyProtocol,
  MethodDefinition,
  MethodMap,
  ProtocolDefinition,
  ProtocolSignature,
} from "../../definition.js";
import type { Engine } from "../../engine.js";
import { methodHash, signatureOf } from "../../signature.js";
import { type ProtocolNode, readDeclaration } from "./declaration.js";
import { MessageCodec } from "./message-codec.js";
import { encodeRequestHead } from "./request-head.js";
import type { MessageNode } from "./type-node.js";

/** First parameter of every method that protoc makes for a Java service: since Hadoop 3.3, and before it. */
const RPC_CONTROLLER = "org.apache.hadoop.thirdparty.protobuf.RpcController";
const FORMER_RPC_CONTROLLER = "com.google.protobuf.RpcController";

/** What is needed to call or serve one method. */
export interface MethodCodec {
  /** The delimited RequestHeaderProto that every call of the method begins with. */
  readonly head: Buffer;
  readonly request: MessageCodec;
  readonly response: MessageCodec;
}

export class ProtobufProtocol<M extends MethodMap = MethodMap> implements ProtocolDefinition<M> {
  readonly engine: Engine;
  readonly name: string;
  readonly version: number;
  readonly methods: ReadonlyMap<string, MethodDefinition>;
  readonly signature: ProtocolSignature;
  readonly declaration: unknown;
  declare readonly types?: M;

  readonly node: ProtocolNode;
  /** By the method's index. */
  readonly codecs: readonly MethodCodec[];

  /** `declaration` must not change afterwards. Throws BAD_DEFINITION. */
  constructor(engine: Engine, declaration: unknown) {
    const node = readDeclaration(declaration);
    this.engine = engine;
    this.name = node.protocol;
    this.version = node.version;
    this.declaration = declaration;
    this.node = node;
    const methods = node.methods.map(
      ({ name, requestClass, responseClass, idempotent, atMostOnce }, index): MethodDefinition => ({
        name,
        index,
        arity: 1,
        hash: methodHash(name, responseClass, [RPC_CONTROLLER, requestClass]),
        formerHash: methodHash(name, responseClass, [FORMER_RPC_CONTROLLER, requestClass]),
        oneWay: false,
        idempotent,
        atMostOnce,
      }),
    );
    this.methods = new Map(methods.map((method) => [method.name, method]));
    this.signature = signatureOf(node.version, methods);
    const codecs = compileMessages(node.messages);
    this.codecs = node.methods.map(({ name, request, response }) => ({
      head: encodeRequestHead(name, node.protocol, node.version),
      request: codecs.get(request) as MessageCodec,
      response: codecs.get(response) as MessageCodec,
    }));
  }
}

/** The name by which Hadoop's servers and clients ask for a protocol: that of its Java interface, if its declaration tells it. */
export function javaInterfaceOf(protocol: AnyProtocol): string {
  return protocol instanceof ProtobufProtocol ? protocol.node.javaInterface : protocol.name;
}

/** The codecs of messages that refer to each other only. */
function compileMessages(nodes: readonly MessageNode[]): ReadonlyMap<MessageNode, MessageCodec> {
  const codecs = new Map(nodes.map((node) => [node, new MessageCodec(node)]));
  const codecOf = (node: MessageNode): MessageCodec => {
    const codec = codecs.get(node);
    if (codec === undefined) throw new TypeError(`${node.name} is not among the messages`);
    return codec;
  };
  for (const codec of codecs.values()) codec.link(codecOf);
  return codecs;
}
