/**
 * Writes a protobuf protocol as a TypeScript module: its definition and the types of its messages and methods.
 *
 * A message has one type as it is read, where repeated fields, maps and fields with a default are always there, and if that
 * differs another one, `...Init`, as it is given, where they may be left out.
 */
import type { AnyProtocol } from "../../definition.js";
import { RpcError } from "../../rpc-error.js";
import type { ProtobufDeclaration } from "./declaration.js";
import { ProtobufProtocol } from "./definition.js";
import type { ScalarKind } from "./scalars.js";
import { type EnumNode, type FieldNode, type MessageNode, simpleName, type TypeNode } from "./type-node.js";

const TYPE_OF: Readonly<Record<ScalarKind, string>> = {
  double: "number",
  float: "number",
  int32: "number",
  int64: "bigint",
  uint32: "number",
  uint64: "bigint",
  sint32: "number",
  sint64: "bigint",
  fixed32: "number",
  fixed64: "bigint",
  sfixed32: "number",
  sfixed64: "bigint",
  bool: "boolean",
  string: "string",
  strictString: "string",
  bytes: "Uint8Array",
};

/**
 * The text of a TypeScript module that exports a protocol, ready to be called and served, under the last part of its name. It
 * needs no file at run time: the declaration is in it.
 *
 * ```ts
 * import { ClientProtocol, type HdfsFileStatusProto } from "./client-protocol.js";
 * const { fs } = await client.getProxy(ClientProtocol, "namenode:8020").getFileInfo({ src: "/" });
 * ```
 * There is a type for each message and enum, and two for the methods: `<Service>Calls`, as callers see them, and
 * `<Service>Handlers`, as who implements them does.
 *
 * Throws BAD_DEFINITION if the protocol is not of the protobuf engine.
 */
export function typesModule(definition: AnyProtocol): string {
  if (!(definition instanceof ProtobufProtocol)) {
    throw new RpcError("BAD_DEFINITION", `${definition.name} is no protobuf protocol: make it with protobuf()`);
  }
  return new ModuleWriter(definition).write();
}

class ModuleWriter {
  readonly #definition: ProtobufProtocol;
  readonly #names: ReadonlyMap<TypeNode, string>;
  readonly #enums: readonly EnumNode[];
  readonly #withInit: ReadonlySet<MessageNode>;

  constructor(definition: ProtobufProtocol) {
    this.#definition = definition;
    const { messages, service } = definition.node;
    const types = messages.flatMap(({ fields }) => fields.map(({ type }) => type));
    this.#enums = [...new Set(types.filter((type): type is EnumNode => type.kind === "enum"))];
    this.#withInit = messagesWithInit(messages);
    this.#names = shortNames([...messages, ...this.#enums], simpleName(service));
  }

  write(): string {
    const { declaration, name, node, version } = this.#definition;
    const service = simpleName(node.service);
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    const parts = [
      // Linters take the module as it is. It is not laid out by any one formatter's rules.
      "// biome-ignore-all format: generated",
      `/** ${name} version ${version} (${node.service}). Generated; do not edit. */`,
      'import { type ProtocolDefinition, protobuf } from "hrpcd/protocol";\n',
      ...this.#enums.toSorted(byName).map((item) => this.#enumText(item)),
      ...node.messages.toSorted(byName).map((message) => this.#messageText(message)),
      this.#methodsText(`${service}Calls`, "as a caller sees them", "Init", ""),
      this.#methodsText(`${service}Handlers`, "as a service implements them", "", "Init"),
      `/** The protocol: for getProxy, negotiateProxy and implement. */`,
      `export const ${constantName(name)}: ProtocolDefinition<${service}Calls, ${service}Handlers> =`,
      `  protobuf<${service}Calls>(${declarationText(declaration as ProtobufDeclaration)});\n`,
    ];
    return parts.join("\n");
  }

  #methodsText(name: string, how: string, requestSuffix: string, responseSuffix: string): string {
    const lines = this.#definition.node.methods.map(({ name: method, request, response }) => {
      const taken = this.#nameOf(request, requestSuffix);
      return `  ${method}: (request: ${taken}) => ${this.#nameOf(response, responseSuffix)};\n`;
    });
    // An interface would not do, which is no MethodMap: it could be given members that are no methods.
    return `/** The methods, ${how}. */\nexport type ${name} = Readonly<{\n${lines.join("")}}>;\n`;
  }

  #enumText(item: EnumNode): string {
    const names = [...item.numbers.keys()].map((name) => JSON.stringify(name));
    return `/** ${item.name} */\nexport type ${this.#names.get(item)} = ${[...names, ...(item.open ? ["number"] : [])].join(" | ")};\n`;
  }

  #messageText(message: MessageNode): string {
    const forms = this.#withInit.has(message) ? ["", "Init"] : [""];
    return forms
      .map((suffix) => {
        const lines = message.fields.map((field) => this.#fieldText(field, suffix));
        const doc = suffix === "" ? message.name : `${message.name}, as it is given.`;
        const name = `${this.#names.get(message)}${suffix}`;
        // An interface without members would take any value, and linters refuse it.
        if (lines.length === 0) return `/** ${doc} */\nexport type ${name} = Record<string, never>;\n`;
        return `/** ${doc} */\nexport interface ${name} {\n${lines.join("")}}\n`;
      })
      .join("\n");
  }

  #fieldText(field: FieldNode, suffix: string): string {
    const type = this.#nameOf(field.type, suffix);
    const text = fieldType(field, type);
    const optional = suffix === "" ? !isAlwaysRead(field) : field.rule !== "required";
    return `  readonly ${field.name}${optional ? "?" : ""}: ${text}${optional ? " | undefined" : ""};\n`;
  }

  #nameOf(type: TypeNode, suffix: string): string {
    if (type.kind === "message") return `${this.#names.get(type)}${this.#withInit.has(type) ? suffix : ""}`;
    return type.kind === "enum" ? (this.#names.get(type) ?? "string") : TYPE_OF[type.kind];
  }
}

function fieldType({ key, rule }: FieldNode, type: string): string {
  if (rule === "repeated") return `readonly ${type.includes(" ") ? `(${type})` : type}[]`;
  if (rule !== "map") return type;
  return `Readonly<Record<${key === "string" || key === "strictString" ? "string" : "string"}, ${type}>>`;
}

/** A read message always has the field. */
function isAlwaysRead({ default: value, rule }: FieldNode): boolean {
  return rule !== "optional" || value !== undefined;
}

/** Messages that may be given with less than they are read with, and those that hold such. */
function messagesWithInit(messages: readonly MessageNode[]): ReadonlySet<MessageNode> {
  const found = new Set(
    messages.filter(({ fields }) => fields.some((field) => isAlwaysRead(field) && field.rule !== "required")),
  );
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const message of messages) {
      if (message.fields.some(({ type }) => type.kind === "message" && found.has(type))) found.add(message);
    }
  }
  return found;
}

/** Names without their packages, nested ones joined by `_`; in full where two would be the same. */
function shortNames(types: readonly (MessageNode | EnumNode)[], service: string): ReadonlyMap<TypeNode, string> {
  const names = new Map<TypeNode, string>();
  const taken = new Set([`${service}Calls`, `${service}Handlers`]);
  const known = new Set(types.map(({ name }) => name));
  for (const type of types.toSorted((a, b) => a.name.length - b.name.length)) {
    const parts = type.name.split(".");
    let start = parts.length - 1;
    while (start > 0 && known.has(parts.slice(0, start).join("."))) start--;
    for (let name = ""; !names.has(type); start--) {
      name = parts.slice(Math.max(0, start)).join("_");
      if (start >= 0 && (taken.has(name) || taken.has(`${name}Init`) || RESERVED.has(name))) continue;
      taken.add(name).add(`${name}Init`);
      names.set(type, name);
    }
  }
  return names;
}

/** Names that mean something else in the module. */
const RESERVED: ReadonlySet<string> = new Set(["Uint8Array", "Readonly", "Record", "ProtocolDefinition"]);

/** The last part of a protocol's name as that of a constant. It begins with a capital, as no word of the language does. */
function constantName(protocol: string): string {
  const plain = simpleName(protocol).replace(/[^A-Za-z0-9]+/g, "_");
  const name = `${plain.charAt(0).toUpperCase()}${plain.slice(1)}`;
  return /^[A-Z]/.test(name) ? name : `Protocol${name}`;
}

/** A declaration on as many lines as it has types and methods: so that a difference between two versions can be read. */
function declarationText(declaration: ProtobufDeclaration): string {
  const lines = Object.entries(declaration).map(([key, value]: [string, unknown]) => {
    if (!Array.isArray(value)) return `    ${key}: ${JSON.stringify(value)},\n`;
    return `    ${key}: [\n${value.map((item) => `      ${JSON.stringify(item, onlyWhatIsSet)},\n`).join("")}    ],\n`;
  });
  return `{\n${lines.join("")}  }`;
}

/** For JSON.stringify: flags that are not set are left out. */
function onlyWhatIsSet(key: string, value: unknown): unknown {
  return value === false && key !== "default" ? undefined : value;
}
