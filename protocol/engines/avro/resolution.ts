/**
 * The rules by which a datum written with one type is taken for a value of another (Avro 1.12 specification, "Schema Resolution").
 *
 * What the types alone decide is refused before a call runs; what depends on the value (a branch of a union, a symbol of an
 * enum) is refused when that value comes.
 */
import { PlacedError } from "../../placed-error.js";
import { conversionOf, type Logical, labelOf, simpleName, type TypeNode } from "./type-node.js";

/** Why two types do not resolve. Steps: names of fields, `items`, `values`. */
export class Unresolvable extends PlacedError {
  /** `address.zip: string cannot be read as int` */
  get text(): string {
    return this.path.length === 0 ? this.message : `${this.path.toReversed().join(".")}: ${this.message}`;
  }
}

/** Types nested deeper than this are refused, in a schema and while two schemas are brought together. */
export const MAX_TYPE_DEPTH = 100;

const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  int: ["long", "float", "double"],
  long: ["float", "double"],
  float: ["double"],
  string: ["bytes"],
  bytes: ["string"],
};

/** Checks all that can be told from two types, no unions, without looking into them. Throws Unresolvable. */
export function assertResolvable(writer: TypeNode, reader: TypeNode): void {
  if (!mayResolve(writer, reader)) throw new Unresolvable(mismatchOf(writer, reader));
}

/**
 * Whether two types may resolve, by what can be told without looking into them. A peer's unions make thousands of pairs, so
 * this makes no object; a union may resolve if one of its branches may.
 */
export function mayResolve(writer: TypeNode, reader: TypeNode): boolean {
  if (writer.kind === "union") return writer.branches.some((branch) => mayResolve(branch, reader));
  if (reader.kind === "union") return reader.branches.some((branch) => mayResolve(writer, branch));
  if (writer.kind !== reader.kind && !PROMOTIONS[writer.kind]?.includes(reader.kind)) return false;
  if (!sameLogical(writer, reader)) return false;
  if (writer.kind === "fixed" && reader.kind === "fixed" && writer.size !== reader.size) return false;
  return !("name" in writer && "name" in reader) || sameName(writer.name, reader);
}

/** Why two types do not resolve, if what `mayResolve` looks at is the reason. */
export function mismatchOf(writer: TypeNode, reader: TypeNode): string {
  if (reader.kind !== "union") return `${describe(writer)} cannot be read as ${describe(reader)}`;
  const same = reader.branches.find((branch) => sameLabel(branch, writer));
  if (same !== undefined) return mismatchOf(writer, same);
  return `${describe(writer)} is none of [${reader.branches.map(describe).join(", ")}]`;
}

/**
 * Two logical types that differ make the same bytes mean different things (a decimal of another scale, milliseconds and
 * microseconds), so they do not resolve. A logical type on one side only does: that side gives the meaning.
 */
function sameLogical(writer: TypeNode, reader: TypeNode): boolean {
  const a = logicalOf(writer);
  const b = logicalOf(reader);
  if (a === undefined || b === undefined) return true;
  return a.name === b.name && a.scale === b.scale && (a.precision ?? 0) <= (b.precision ?? 0);
}

function logicalOf(node: TypeNode): Logical | undefined {
  return "logical" in node ? node.logical : undefined;
}

/** Names match without their namespaces, or by an alias of the reader. */
function sameName(writerName: string, reader: { name: string; aliases: readonly string[] }): boolean {
  const name = simpleName(writerName);
  return simpleName(reader.name) === name || reader.aliases.some((alias) => simpleName(alias) === name);
}

/** The branch that a datum of `writer` is meant for: the same type if it is there, else the first that resolves. */
export function findBranch<T>(
  writer: TypeNode,
  branches: readonly TypeNode[],
  compile: (branch: TypeNode) => T,
): { index: number; compiled: T } {
  const same = branches.findIndex((branch) => branch === writer || sameLabel(branch, writer));
  let reason: Unresolvable | undefined;
  for (let place = same < 0 ? 0 : -1; place < branches.length; place++) {
    const index = place < 0 ? same : place;
    const branch = branches[index] as TypeNode;
    if (place === same || (place >= 0 && !mayResolve(writer, branch))) continue;
    try {
      return { index, compiled: compile(branch) };
    } catch (error) {
      if (!(error instanceof Unresolvable)) throw error;
      if (index === same) reason = error;
    }
  }
  throw reason ?? new Unresolvable(mismatchOf(writer, { kind: "union", branches }));
}

function sameLabel(a: TypeNode, b: TypeNode): boolean {
  if (a.kind !== b.kind || logicalOf(a)?.name !== logicalOf(b)?.name) return false;
  return !("name" in a && "name" in b) || a.name === b.name;
}

/** A type in a message: `int`, `record Point`, `long (timestamp-millis)`. */
export function describe(node: TypeNode): string {
  if ("name" in node)
    return node.kind === "fixed" ? `fixed ${labelOf(node)}(${node.size})` : `${node.kind} ${labelOf(node)}`;
  const logical = conversionOf(node) ?? logicalOf(node);
  if (logical === undefined) return node.kind;
  const digits = logical.precision === undefined ? "" : `(${logical.precision}, ${logical.scale ?? 0})`;
  return `${node.kind} (${logical.name}${digits})`;
}

interface Entry<F> {
  made: F | undefined;
  failure: Unresolvable | undefined;
}

/** Makes functions for pairs of types, once per pair of records, so that types which refer to themselves come to an end. */
export class PairCompiler<F> {
  readonly #entries = new Map<TypeNode, Map<TypeNode, Entry<F>>>();
  #depth = 0;

  /** Runs `make` one level deeper. Throws Unresolvable when types nest too deeply. */
  deeper<T>(make: () => T): T {
    if (this.#depth >= MAX_TYPE_DEPTH) throw new Unresolvable(`types nest deeper than ${MAX_TYPE_DEPTH} levels`);
    this.#depth++;
    try {
      return make();
    } finally {
      this.#depth--;
    }
  }

  /**
   * The function for a pair, made at most once. While it is being made, the pair is stood for by `late`, whose argument
   * finds the function when there is one; it throws Unresolvable if none came of it.
   */
  once(a: TypeNode, b: TypeNode, make: () => F, late: (find: () => F) => F): F {
    const row = this.#entries.get(a) ?? new Map<TypeNode, Entry<F>>();
    this.#entries.set(a, row);
    const known = row.get(b);
    if (known?.failure !== undefined) throw new Unresolvable(known.failure.message);
    if (known !== undefined) return known.made ?? late(() => madeOf(known));
    const entry: Entry<F> = { made: undefined, failure: undefined };
    row.set(b, entry);
    try {
      entry.made = make();
      return entry.made;
    } catch (error) {
      if (error instanceof Unresolvable) entry.failure = new Unresolvable(error.text);
      throw error;
    }
  }
}

function madeOf<F>(entry: Entry<F>): F {
  if (entry.made === undefined) throw entry.failure ?? new Unresolvable("a type does not resolve");
  return entry.made;
}
