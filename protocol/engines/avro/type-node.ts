/**
 * An Avro type as the codec sees it: a small tree, which may refer to itself.
 *
 * The types of this side come out of avsc, which reads declarations, names, defaults and IDL. The types of a peer come out of the
 * text that it sends (schema-text.ts) and never reach avsc, because avsc makes code out of names.
 */
import type { Type as AvscType, types as avscTypes } from "avsc";

/** Names of Avro's primitive types. */
export const PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"] as const;
export type Primitive = (typeof PRIMITIVES)[number];

/** A logical type, as plain data. Two sides that both name one must name the same. */
export interface Logical {
  readonly name: string;
  /** Digits of a decimal, from 1. */
  readonly precision?: number;
  /** Digits of a decimal behind the point, 0 to `precision`. */
  readonly scale?: number;
}

export interface PrimitiveNode {
  readonly kind: Primitive;
  readonly logical: Logical | undefined;
}
export interface FixedNode {
  readonly kind: "fixed";
  readonly name: string;
  readonly aliases: readonly string[];
  /** Bytes. */
  readonly size: number;
  readonly logical: Logical | undefined;
}
export interface EnumNode {
  readonly kind: "enum";
  readonly name: string;
  readonly aliases: readonly string[];
  readonly symbols: readonly string[];
  /** What a reader takes for a symbol it does not know. */
  readonly fallback: string | undefined;
}
export interface ArrayNode {
  readonly kind: "array";
  readonly items: TypeNode;
}
export interface MapNode {
  readonly kind: "map";
  readonly values: TypeNode;
}
export interface UnionNode {
  readonly kind: "union";
  readonly branches: readonly TypeNode[];
}
export interface FieldNode {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: TypeNode;
  /** The default as an encoded datum of `type`. */
  readonly default: Buffer | undefined;
}
export interface RecordNode {
  readonly kind: "record";
  readonly name: string;
  readonly aliases: readonly string[];
  /** Filled in after the node was made, since a field may have the record's own type. */
  readonly fields: FieldNode[];
}
export type TypeNode = PrimitiveNode | FixedNode | EnumNode | ArrayNode | MapNode | UnionNode | RecordNode;

/** The logical types that change how a value looks here; all others stay what they are made of. */
const CONVERTED = new Set(["timestamp-millis", "date", "decimal"]);

/** The logical type by which values of this node are converted; undefined if they are what the underlying type says. */
export function conversionOf(node: TypeNode): Logical | undefined {
  if (!("logical" in node) || node.logical === undefined) return undefined;
  return CONVERTED.has(node.logical.name) ? node.logical : undefined;
}

/** What is wrong with the digits of a decimal; undefined if nothing is, or if the node is none. */
export function describeLogicalFault(node: TypeNode): string | undefined {
  const logical = conversionOf(node);
  if (logical?.name !== "decimal") return undefined;
  const { precision = 0, scale = 0 } = logical;
  if (!Number.isInteger(precision) || precision < 1 || precision > MAX_PRECISION) {
    return `a decimal has the precision ${precision}: give 1 to ${MAX_PRECISION} digits`;
  }
  if (!Number.isInteger(scale) || scale < 0 || scale > precision) {
    return `a decimal has the scale ${scale}: give 0 to its precision, ${precision}`;
  }
  return undefined;
}

const MAX_PRECISION = 1000;

/** The part of a full name behind its last dot. */
export function simpleName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf(".") + 1);
}

/** How a type is called in messages, and in the one key of a wrapped union value: `int`, `array`, `Point`. */
export function labelOf(node: TypeNode): string {
  return "name" in node ? simpleName(node.name) : node.kind;
}

/** Groups of values that can be told apart by looking at them. */
export type Bucket =
  | "null"
  | "boolean"
  | "number"
  | "bigint"
  | "string"
  | "bytes"
  | "date"
  | "array"
  | "object"
  | "none";

/** The group that values of a type belong to. */
export function bucketOfNode(node: TypeNode): Bucket {
  const conversion = conversionOf(node);
  if (conversion !== undefined) return conversion.name === "decimal" ? "string" : "date";
  switch (node.kind) {
    case "int":
    case "float":
    case "double":
      return "number";
    case "long":
      return "bigint";
    case "enum":
      return "string";
    case "fixed":
      return "bytes";
    case "map":
    case "record":
      return "object";
    case "union":
      return "none";
    default:
      return node.kind;
  }
}

/**
 * Whether values of a union stand in an object whose one key names the branch, `{ Circle: { radius: 1 } }`.
 * They do when two branches belong to the same group; null never does.
 */
export function isWrapped(union: UnionNode): boolean {
  return new Set(union.branches.map(bucketOfNode)).size < union.branches.length;
}

const EMPTINESS = new WeakMap<TypeNode, boolean>();

/** Whether every value of the type takes no bytes. A record that holds itself never ends, and counts as not empty. */
export function isEmpty(node: TypeNode): boolean {
  if (node.kind === "null") return true;
  if (node.kind === "fixed") return node.size === 0;
  if (node.kind !== "record") return false;
  const known = EMPTINESS.get(node);
  if (known !== undefined) return known;
  EMPTINESS.set(node, false);
  try {
    const empty = node.fields.every((field) => isEmpty(field.type));
    EMPTINESS.set(node, empty);
    return empty;
  } catch (error) {
    // Types of a peer may nest deeper than the stack; a guess must not stay behind for those on the way.
    EMPTINESS.delete(node);
    throw error;
  }
}

/** Makes nodes of avsc's types; a type that was seen before gives the node it gave then. */
export class NodeMaker {
  readonly #seen = new Map<AvscType, TypeNode>();

  make(type: AvscType): TypeNode {
    const known = this.#seen.get(type);
    if (known !== undefined) return known;
    if (type.typeName.startsWith("logical:")) return this.#makeLogical(type as avscTypes.LogicalType);
    const node = this.#makePlain(type, undefined);
    this.#seen.set(type, node);
    return node;
  }

  #makeLogical(type: avscTypes.LogicalType): TypeNode {
    const node = this.#makePlain(type.underlyingType, logicalOf(type));
    this.#seen.set(type, node);
    return node;
  }

  #makePlain(type: AvscType, logical: Logical | undefined): TypeNode {
    switch (type.typeName) {
      case "fixed":
        return { kind: "fixed", ...namesOf(type), size: (type as avscTypes.FixedType).size, logical };
      case "enum": {
        const { symbols, default: fallback } = type as avscTypes.EnumType & { default?: string };
        return { kind: "enum", ...namesOf(type), symbols: [...symbols], fallback };
      }
      case "array":
        return { kind: "array", items: this.make((type as avscTypes.ArrayType).itemsType) };
      case "map":
        return { kind: "map", values: this.make((type as avscTypes.MapType).valuesType) };
      case "union:wrapped":
        return {
          kind: "union",
          branches: (type as avscTypes.WrappedUnionType).types.map((branch) => this.make(branch)),
        };
      case "record":
      case "error":
        return this.#makeRecord(type as avscTypes.RecordType);
      default:
        return { kind: type.typeName as Primitive, logical };
    }
  }

  #makeRecord(type: avscTypes.RecordType): RecordNode {
    const node: RecordNode = { kind: "record", ...namesOf(type), fields: [] };
    this.#seen.set(type, node);
    for (const field of type.fields) {
      const value: unknown = field.defaultValue();
      node.fields.push({
        name: field.name,
        aliases: [...field.aliases],
        type: this.make(field.type),
        default: value === undefined ? undefined : field.type.toBuffer(value),
      });
    }
    return node;
  }
}

function namesOf(type: AvscType): { name: string; aliases: string[] } {
  return { name: type.name ?? "", aliases: [...(type.aliases ?? [])] };
}

/** What the logical types of a declaration keep of it; see `KeptLogicalType` in declaration.ts. */
interface KeptLogicalType {
  readonly kept?: Logical;
}

function logicalOf(type: avscTypes.LogicalType): Logical | undefined {
  return (type as KeptLogicalType).kept;
}
