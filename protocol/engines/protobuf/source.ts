/** `.proto` files brought together: finds services, what their types mean, and makes declarations of protocols. */
import { isDeepStrictEqual } from "node:util";
import { RpcError } from "../../rpc-error.js";
import type {
  EnumDeclaration,
  FieldDeclaration,
  MessageDeclaration,
  MethodDeclaration,
  ProtobufDeclaration,
} from "./declaration.js";
import type { ProtoFile, SourceMessage, SourceService } from "./proto-file.js";
import { isScalarKind } from "./scalars.js";

/** A protocol that a Hadoop jar tells of: what its `...PB` interface is annotated with, and the service it extends. */
export interface HadoopProtocol {
  readonly protocolName: string;
  readonly version: number;
  /** Java class of the service that protoc made: `org.example.GreeterProtos$GreeterService`. */
  readonly serviceClass: string;
  /** The interface itself: `org.example.GreeterPB`. */
  readonly javaInterface: string;
}

/** What of a protocol its `.proto` does not say. */
export interface ProtocolOptions {
  /** The name that travels (Hadoop: `@ProtocolInfo`). */
  readonly protocolName: string;
  /** The service's full name, or its last part where that is clear. May be left out if a jar tells of the protocol. */
  readonly service?: string;
  /** A safe whole number from 0. May be left out if a jar tells of the protocol. */
  readonly version?: number;
  /**
   * The Java interface by which a Hadoop server is asked what it has of the protocol, `org.example.GreeterPB`. May be left out if a
   * jar tells of the protocol, or if the interface has the protocol's name.
   */
  readonly javaInterface?: string;
  readonly methods?: { readonly [name: string]: { readonly idempotent?: boolean; readonly atMostOnce?: boolean } };
}

type Located<T> = T & { readonly file: ProtoFile };

/** What `loadProto` and `parseProto` give: the declarations of some `.proto` files, to make protocols of by `protobuf`. */
export class ProtoSource {
  readonly #messages = new Map<string, Located<SourceMessage>>();
  readonly #enums = new Map<string, EnumDeclaration>();
  readonly #services = new Map<string, Located<SourceService>>();
  readonly #paths = new Set<string>();
  /** Protocols that jars tell of, by the name that travels. */
  readonly protocols: readonly HadoopProtocol[];

  /** Of two files with one path the first counts. Throws BAD_DEFINITION if two files declare one type differently. */
  constructor(files: Iterable<ProtoFile>, protocols: readonly HadoopProtocol[] = []) {
    this.protocols = protocols;
    for (const file of files) {
      if (this.#paths.has(file.path)) continue;
      this.#paths.add(file.path);
      for (const message of file.messages) this.#addMessage({ ...message, file });
      for (const item of file.enums) this.#addEnum(item, file);
      for (const service of file.services) this.#services.set(service.name, { ...service, file });
    }
  }

  /** Full names of all services. */
  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  /** Hadoop itself declares some messages in two files; where both say the same, either will do. */
  #addMessage(message: Located<SourceMessage>): void {
    const { name } = message;
    const other = this.#messages.get(name);
    if (other === undefined && !this.#enums.has(name)) this.#messages.set(name, message);
    else if (!isDeepStrictEqual(other?.fields, message.fields)) throw this.#declaredTwice(name, message.file);
  }

  #addEnum(item: EnumDeclaration, file: ProtoFile): void {
    const { name } = item;
    const other = this.#enums.get(name);
    if (other === undefined && !this.#messages.has(name)) this.#enums.set(name, item);
    else if (!isDeepStrictEqual(other, item)) throw this.#declaredTwice(name, file);
  }

  #declaredTwice(name: string, file: ProtoFile): RpcError {
    const other = this.#messages.get(name)?.file.path ?? "another file";
    return bad(`${name} is declared in ${file.path}, and differently in ${other}: give one of them`);
  }

  /** The declaration of a protocol, with every type that its methods reach. Throws BAD_DEFINITION. */
  declarationOf(options: ProtocolOptions): ProtobufDeclaration {
    const { methods = {}, protocolName } = options;
    const told = this.protocols.find((protocol) => protocol.protocolName === protocolName);
    const service = this.#findService(options.service ?? this.#toldService(told, protocolName));
    const version = options.version ?? told?.version;
    const javaInterface = options.javaInterface ?? told?.javaInterface;
    if (version === undefined) throw bad(`${protocolName}: the files say no version: give one, like { version: 1 }`);
    const traits = new Map(Object.entries(methods));
    const declared = service.methods.map((method): MethodDeclaration => {
      if (method.streams) throw bad(`${service.name}.${method.name} streams, which Hadoop's RPC cannot`);
      const request = this.#resolve(method.request, service.name);
      const response = this.#resolve(method.response, service.name);
      const given = traits.get(method.name);
      traits.delete(method.name);
      return {
        name: method.name,
        request: this.#message(request ?? method.request, `${service.name}.${method.name}`, service.file).name,
        response: this.#message(response ?? method.response, `${service.name}.${method.name}`, service.file).name,
        idempotent: given?.idempotent ?? method.idempotent,
        atMostOnce: given?.atMostOnce ?? false,
      };
    });
    const [unknown] = traits.keys();
    if (unknown !== undefined) throw bad(`${service.name} has no method ${unknown}, which options.methods names`);
    const types = this.#reachable(declared.flatMap(({ request, response }) => [request, response]));
    const asked = javaInterface === undefined ? {} : { javaInterface };
    return { protocol: protocolName, version, ...asked, service: service.name, methods: declared, ...types };
  }

  /** Full name of the service of a protocol that a jar tells of; undefined if the files lack it. */
  serviceOf({ serviceClass }: HadoopProtocol): string | undefined {
    return [...this.#services.values()].find(({ javaClass }) => javaClass === serviceClass)?.name;
  }

  #toldService(told: HadoopProtocol | undefined, protocolName: string): string {
    const service = told === undefined ? undefined : this.serviceOf(told);
    if (service !== undefined) return service;
    throw bad(
      `${protocolName}: the files do not say which service it is: give one, like { service: "${this.services[0] ?? "Greeter"}" }`,
    );
  }

  #findService(wanted: string): Located<SourceService> {
    const exact = this.#services.get(wanted);
    if (exact !== undefined) return exact;
    const found = [...this.#services.values()].filter(({ name }) => name.endsWith(`.${wanted}`));
    if (found.length === 1 && found[0] !== undefined) return found[0];
    const names = this.services.join(", ");
    throw bad(
      `${found.length === 0 ? "there is no" : "there are several"} service ${wanted}; the files have: ${names || "none"}`,
    );
  }

  #reachable(roots: readonly string[]): { messages: MessageDeclaration[]; enums: EnumDeclaration[] } {
    const messages = new Map<string, MessageDeclaration>();
    const enums = new Map<string, EnumDeclaration>();
    const waiting = [...roots];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (messages.has(name) || enums.has(name)) continue;
      const found = this.#enums.get(name);
      if (found !== undefined) {
        enums.set(name, found);
        continue;
      }
      const { file, group, ...message } = this.#messages.get(name) as Located<SourceMessage>;
      const fields = message.fields.map((field) => this.#resolveField(field, name, file));
      messages.set(name, { ...message, fields });
      for (const { type } of fields) if (!isScalarKind(type)) waiting.push(type);
    }
    return { messages: [...messages.values()], enums: [...enums.values()] };
  }

  #resolveField(field: FieldDeclaration, message: string, file: ProtoFile): FieldDeclaration {
    if (isScalarKind(field.type)) return field;
    const name = this.#resolve(field.type, message);
    if (name !== undefined && this.#enums.has(name)) return { ...field, type: name };
    return { ...field, type: this.#message(name ?? field.type, `${message}.${field.name}`, file).name };
  }

  /** What a name means at a place: the innermost scope that has it counts. */
  #resolve(name: string, place: string): string | undefined {
    const has = (full: string): boolean => this.#messages.has(full) || this.#enums.has(full);
    if (name.startsWith(".")) return has(name.slice(1)) ? name.slice(1) : undefined;
    for (let scope = place; scope !== ""; scope = scope.slice(0, Math.max(0, scope.lastIndexOf(".")))) {
      if (has(`${scope}.${name}`)) return `${scope}.${name}`;
    }
    return has(name) ? name : undefined;
  }

  #message(name: string, place: string, file: ProtoFile): SourceMessage {
    const message = this.#messages.get(name);
    if (message?.group === true) throw bad(`${place} is a group, which is not supported: make it a message`);
    if (message !== undefined) return message;
    const absent = file.imports.filter((path) => !this.#paths.has(path));
    const remedy = absent.length > 0 ? `; its file imports ${absent.join(", ")}, so add what has that` : "";
    throw bad(`${place} in ${file.path}: there is no message or enum ${name.replace(/^\./, "")}${remedy}`);
  }
}

function bad(message: string): RpcError {
  return new RpcError("BAD_DEFINITION", message);
}
