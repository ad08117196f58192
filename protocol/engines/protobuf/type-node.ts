/** What a protocol is made of, checked and linked: messages, their fields, enums. Made by declaration.ts. */
import type { ScalarKind } from "./scalars.js";

export interface EnumNode {
  readonly kind: "enum";
  /** The full name: `hadoop.hdfs.StorageTypeProto`. */
  readonly name: string;
  /** Numbers that have no name are values as well (proto3). In proto2 they are unknown fields. */
  readonly open: boolean;
  readonly numbers: ReadonlyMap<string, number>;
  /** The first name of each number. */
  readonly names: ReadonlyMap<number, string>;
}

export interface MessageNode {
  readonly kind: "message";
  /** The full name: `hadoop.hdfs.HdfsFileStatusProto`. */
  readonly name: string;
  /** In the order of their declaration. Filled once, since messages refer to each other. */
  readonly fields: readonly FieldNode[];
}

export interface ScalarNode {
  readonly kind: ScalarKind;
}

export type TypeNode = ScalarNode | EnumNode | MessageNode;

export interface FieldNode {
  readonly name: string;
  /** 1 to 2^29 - 1. */
  readonly number: number;
  readonly type: TypeNode;
  readonly rule: "required" | "optional" | "repeated" | "map";
  /** Type of a map's keys. */
  readonly key: ScalarKind | undefined;
  /** Written as one run of values; both forms are read. */
  readonly packed: boolean;
  /** The value of an absent field: a declared default, or for `implicit` fields the type's zero. */
  readonly default: unknown;
  /** Not written when it holds `default` (proto3 without `optional`). */
  readonly implicit: boolean;
  /** Fields of a message with the same one exclude each other. */
  readonly oneof: string | undefined;
}

/** A name without its package: `HdfsFileStatusProto`. */
export function simpleName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** A type as a `.proto` file writes it, without the package. */
export function typeText(field: FieldNode): string {
  const type = "name" in field.type ? simpleName(field.type.name) : plainKind(field.type.kind);
  if (field.rule === "map") return `map<${field.key}, ${type}>`;
  return field.rule === "repeated" ? `${type}[]` : type;
}

/** A message on one line: `HelloProto { name: string, times?: int32 }`. */
export function messageText({ fields, name }: MessageNode): string {
  const parts = fields.map((field) => `${field.name}${field.rule === "optional" ? "?" : ""}: ${typeText(field)}`);
  return `${simpleName(name)} {${parts.length === 0 ? "" : ` ${parts.join(", ")} `}}`;
}

/** The message that has a field, by the way to it from `root`: `blocks[1].b.poolId`, or `map[0].value.b` through a map. */
export function messageOf(root: MessageNode, path: string): MessageNode {
  let message = root;
  let passed = false;
  for (const step of path.split(".").slice(0, -1)) {
    // The entry of a map has been stepped into already, its `value` says no more.
    const field: FieldNode | undefined = passed
      ? undefined
      : message.fields.find(({ name }) => name === step.replace(/\[\d+\]$/, ""));
    passed = field?.rule === "map";
    if (field?.type.kind === "message") message = field.type as MessageNode;
  }
  return message;
}

function plainKind(kind: string): string {
  return kind === "strictString" ? "string" : kind;
}
