/**
 * Makes functions that read datums: written with one type (the peer's, the writer), taken for values of another (ours, the reader).
 *
 * A field that only the writer has is skipped, one that only the reader has gets its default; everything else follows
 * resolution.ts. Skipping obeys the same budgets as reading.
 */
import { under } from "../../placed-error.js";
import { fromRaw } from "./conversions.js";
import { DatumReader } from "./datum-reader.js";
import {
  assertResolvable,
  describe,
  findBranch,
  mayResolve,
  mismatchOf,
  PairCompiler,
  Unresolvable,
} from "./resolution.js";
import { type Skip, SkipCompiler } from "./skipping.js";
import {
  type ArrayNode,
  conversionOf,
  type EnumNode,
  type FieldNode,
  isEmpty,
  isWrapped,
  labelOf,
  type MapNode,
  type RecordNode,
  type TypeNode,
  type UnionNode,
} from "./type-node.js";

/** Takes a value from the cursor. Throws RpcError BAD_BYTES, or Unresolvable for a type that turned out not to resolve. */
export type Read = (from: DatumReader) => unknown;

const RAW_READS: Readonly<Record<string, Read>> = {
  null: () => null,
  boolean: (from) => from.readBoolean(),
  int: (from) => from.readInt(),
  long: (from) => from.readLong(),
  float: (from) => from.readFloat(),
  double: (from) => from.readDouble(),
  bytes: (from) => from.readBytes(),
  string: (from) => from.readString(),
};

const PROMOTED_READS: Readonly<Record<string, Read>> = {
  "int>long": (from) => BigInt(from.readInt()),
  "int>float": (from) => from.readInt(),
  "int>double": (from) => from.readInt(),
  "long>float": (from) => Number(from.readLong()),
  "long>double": (from) => Number(from.readLong()),
  "float>double": (from) => from.readFloat(),
  "string>bytes": (from) => from.readBytes(),
  "bytes>string": (from) => from.readString(),
};

/** Compiles readers for two sets of types that may refer to themselves and to each other. */
export class ReadCompiler {
  readonly #pairs = new PairCompiler<Read>();
  readonly #skips = new SkipCompiler();

  /** A function that reads a datum of `writer` as a value of `reader`. Throws Unresolvable. */
  compile(writer: TypeNode, reader: TypeNode): Read {
    return this.#pairs.deeper(() => this.#compile(writer, reader));
  }

  /** A function that passes over a datum. Throws Unresolvable if the type nests too deeply. */
  compileSkip(writer: TypeNode): Skip {
    return this.#skips.compile(writer);
  }

  #compile(writer: TypeNode, reader: TypeNode): Read {
    if (writer.kind === "union") return this.#readUnion(writer, reader);
    if (reader.kind === "union") return this.#readIntoUnion(writer, reader);
    assertResolvable(writer, reader);
    const conversion = conversionOf(reader);
    const read = this.#readRaw(writer, reader);
    if (conversion === undefined) return read;
    const convert = fromRaw(conversion);
    return (from) => convert(read(from), from);
  }

  #readRaw(writer: TypeNode, reader: TypeNode): Read {
    if (writer.kind === "fixed") {
      const { size } = writer;
      return (from) => from.readFixed(size);
    }
    if (writer.kind === "enum") return readEnum(writer, reader as EnumNode);
    if (writer.kind === "array") return this.#readArray(writer, reader as ArrayNode);
    if (writer.kind === "map") return this.#readMap(writer, reader as MapNode);
    if (writer.kind === "record") {
      const target = reader as RecordNode;
      const make = (): Read => this.#readRecord(writer, target);
      return this.#pairs.once(writer, target, make, (find) => (from) => find()(from));
    }
    return (
      writer.kind === reader.kind ? RAW_READS[writer.kind] : PROMOTED_READS[`${writer.kind}>${reader.kind}`]
    ) as Read;
  }

  #readArray(writer: ArrayNode, reader: ArrayNode): Read {
    const readItem = under("items", () => this.compile(writer.items, reader.items));
    const empty = isEmpty(writer.items);
    return (from) => {
      const values: unknown[] = [];
      from.spendObjects(1);
      from.enter();
      for (let count = from.readBlock(); count > 0; count = from.readBlock()) {
        const { blockEnd } = from;
        if (empty) from.spendEmptyItems(count);
        for (; count > 0; count--) values.push(readItem(from));
        endBlock(from, blockEnd);
      }
      from.leave();
      return values;
    };
  }

  /** A key becomes a property of the object itself, whatever it is called, as JSON.parse does it. */
  #readMap(writer: MapNode, reader: MapNode): Read {
    const readValue = under("values", () => this.compile(writer.values, reader.values));
    return (from) => {
      const values: Record<string, unknown> = {};
      from.spendObjects(1);
      from.enter();
      for (let count = from.readBlock(); count > 0; count = from.readBlock()) {
        const { blockEnd } = from;
        for (; count > 0; count--) {
          from.spendObjects(MAP_ENTRY_COST);
          const key = from.readString();
          const value = readValue(from);
          if (key === "__proto__") {
            Object.defineProperty(values, key, { value, enumerable: true, configurable: true, writable: true });
          } else values[key] = value;
        }
        endBlock(from, blockEnd);
      }
      from.leave();
      return values;
    };
  }

  #readRecord(writer: RecordNode, reader: RecordNode): Read {
    const { names, reads } = this.compileFields(writer.fields, reader.fields);
    const length = reads.length;
    const cost = recordCost(writer.fields, names.length);
    return (from) => {
      const value: Record<string, unknown> = {};
      from.spendObjects(cost);
      from.enter();
      for (let i = 0; i < length; i++) {
        const name = names[i];
        const field = (reads[i] as Read)(from);
        if (name !== undefined) value[name] = field;
      }
      from.leave();
      return value;
    };
  }

  /**
   * The steps that read the fields of one record into those of another, in the order of the bytes; then the defaults.
   * A step without a name passes over what the reader does not have. Throws Unresolvable.
   */
  compileFields(
    writer: readonly FieldNode[],
    reader: readonly FieldNode[],
  ): { names: (string | undefined)[]; reads: Read[] } {
    const sources = matchFields(writer, reader);
    const targets = new Map([...sources].map(([target, source]) => [source, target]));
    const names: (string | undefined)[] = [];
    const reads: Read[] = [];
    for (const field of writer) {
      const target = targets.get(field);
      if (target === undefined && isEmpty(field.type)) continue;
      names.push(target?.name);
      reads.push(
        target === undefined
          ? this.compileSkip(field.type)
          : under(target.name, () => this.compile(field.type, target.type)),
      );
    }
    for (const field of reader) {
      if (sources.has(field)) continue;
      names.push(field.name);
      reads.push(under(field.name, () => this.#readDefault(field)));
    }
    return { names, reads };
  }

  #readDefault(field: FieldNode): Read {
    const bytes = field.default;
    if (bytes === undefined) throw new Unresolvable("the writer does not have this field, and it has no default");
    const read = readDefault(field.type, bytes);
    const cost = 1 + Math.floor(bytes.length / DEFAULT_BYTES_PER_OBJECT);
    return (from) => {
      from.spendObjects(cost);
      return read(from);
    };
  }

  #readUnion(writer: UnionNode, reader: TypeNode): Read {
    let reason: Unresolvable | undefined;
    let resolved = 0;
    const reads = writer.branches.map((branch): Read => {
      if (!mayResolve(branch, reader)) {
        return (from) => {
          throw from.fault(mismatchOf(branch, reader));
        };
      }
      try {
        const read = this.compile(branch, reader);
        resolved++;
        return read;
      } catch (error) {
        if (!(error instanceof Unresolvable)) throw error;
        reason ??= error;
        const { text } = error;
        return (from) => {
          throw from.fault(text);
        };
      }
    });
    if (resolved === 0) throw reason ?? new Unresolvable(mismatchOf(writer.branches[0] as TypeNode, reader));
    return (from) => {
      from.enter();
      const value = (reads[from.readIndex(reads.length, "branch")] as Read)(from);
      from.leave();
      return value;
    };
  }

  #readIntoUnion(writer: TypeNode, reader: UnionNode): Read {
    const { index, compiled: read } = findBranch(writer, reader.branches, (branch) => this.compile(writer, branch));
    const branch = reader.branches[index] as TypeNode;
    if (!isWrapped(reader) || branch.kind === "null") return read;
    const label = labelOf(branch);
    return (from) => {
      from.spendObjects(1);
      return { [label]: read(from) };
    };
  }
}

/** An entry is a key in a hash table beside its value. */
const MAP_ENTRY_COST = 3;

/** Bytes of a default that cost as much as one object. */
const DEFAULT_BYTES_PER_OBJECT = 4;

/** An object with more fields than this is a hash table in V8, at several times the cost. */
const FAST_FIELDS = 16;

/** What a record costs, in objects: itself, the fields that no byte stands for, and the hash table if it becomes one. */
function recordCost(writer: readonly FieldNode[], steps: number): number {
  const free = writer.filter((field) => isEmpty(field.type)).length;
  return 1 + free + (steps > FAST_FIELDS ? Math.ceil(steps / 2) : 0);
}

/**
 * Gives the value of an encoded default, a new one each time, and pays for its objects from the budget of `payer`.
 * The function is made when first needed: a peer may have many records that lack the field.
 */
export function readDefault(type: TypeNode, bytes: Buffer): (payer?: DatumReader) => unknown {
  let read: Read | undefined;
  const from = new DatumReader();
  return (payer) => {
    read ??= new ReadCompiler().compile(type, type);
    from.reset(bytes, 0, bytes.length);
    const value = read(from);
    payer?.spendObjects(from.objectsMade);
    return value;
  };
}

/** Which field of the writer each field of the reader takes: the one of its name, else of one of its aliases. */
export function matchFields(writer: readonly FieldNode[], reader: readonly FieldNode[]): Map<FieldNode, FieldNode> {
  const free = new Map(writer.map((field) => [field.name, field]));
  const sources = new Map<FieldNode, FieldNode>();
  const take = (target: FieldNode, name: string): void => {
    const source = free.get(name);
    if (source === undefined || sources.has(target)) return;
    sources.set(target, source);
    free.delete(name);
  };
  for (const field of reader) take(field, field.name);
  for (const field of reader) for (const alias of field.aliases) take(field, alias);
  return sources;
}

function readEnum(writer: EnumNode, reader: EnumNode): Read {
  const known = new Set(reader.symbols);
  const symbols = writer.symbols.map((symbol) => (known.has(symbol) ? symbol : reader.fallback));
  return (from) => {
    const index = from.readIndex(symbols.length, "symbol");
    const symbol = symbols[index];
    if (symbol === undefined) throw from.fault(`${writer.symbols[index]} is no symbol of ${describe(reader)}`);
    return symbol;
  };
}

function endBlock(from: DatumReader, blockEnd: number): void {
  if (blockEnd >= 0 && from.position !== blockEnd) throw from.fault("a block does not have the length that it tells");
}
