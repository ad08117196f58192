/**
 * Makes functions that write values of one type (ours, the source) as datums of another (the peer's, the target).
 *
 * With the same type on both sides this is plain encoding. With another version of it, the server writes results in the
 * client's own types by the rules of resolution.ts: so a client never needs the server's schema, and whether a result
 * can be delivered is known before the method runs.
 *
 * A value that does not fit throws Misfit.
 */
import { Misfit } from "../../misfit.js";
import { seenFrom, under } from "../../placed-error.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { toRaw } from "./conversions.js";
import { PROMOTED_WRITES, RAW_WRITES, type Write, writeString } from "./raw-writing.js";
import { matchFields, readDefault } from "./reading.js";
import {
  assertResolvable,
  describe,
  findBranch,
  mayResolve,
  mismatchOf,
  PairCompiler,
  Unresolvable,
} from "./resolution.js";
import {
  type Bucket,
  bucketOfNode,
  conversionOf,
  type EnumNode,
  type FieldNode,
  isWrapped,
  labelOf,
  type RecordNode,
  type TypeNode,
  type UnionNode,
} from "./type-node.js";

/** Bytes that a peer's defaults may add to one value, and how many more for each byte of the value itself. */
const FREE_DEFAULT_BYTES = 65_536;
const DEFAULT_BYTES_PER_BYTE = 4;

/**
 * What defaults of the other side, which it may choose as it likes, may add to a value of this side: without it a peer
 * could have every record of a long answer blown up by thousands of bytes, and never read it.
 */
export class DefaultBudget {
  #start = 0;
  #spent = 0;

  /** Begins a value at the end of `out`. */
  reset(out: ByteWriter): void {
    this.#start = out.length;
    this.#spent = 0;
  }

  /** Pays for a default about to be written. Throws RangeError. */
  spend(out: ByteWriter, bytes: number): void {
    // A default without bytes still takes a step.
    this.#spent += bytes + 1;
    if (this.#spent <= FREE_DEFAULT_BYTES) return;
    const ofValue = Math.max(0, out.length - this.#start - this.#spent);
    if (this.#spent <= FREE_DEFAULT_BYTES + DEFAULT_BYTES_PER_BYTE * ofValue) return;
    throw new RangeError(
      `the defaults of the other side's schema add ${this.#spent} bytes to ${ofValue}: return less at once, or serve a version with these fields`,
    );
  }
}

/** Compiles writers for two sets of types that may refer to themselves and to each other. */
export class WriteCompiler {
  /** What the target's defaults may add to one value; whoever writes one resets it first. */
  readonly defaults = new DefaultBudget();
  readonly #pairs = new PairCompiler<Write>();

  /** A function that writes a value of `source` as a datum of `target`. Throws Unresolvable. */
  compile(source: TypeNode, target: TypeNode): Write {
    return this.#pairs.deeper(() => this.#compile(source, target));
  }

  #compile(source: TypeNode, target: TypeNode): Write {
    if (source.kind === "union") return this.#writeUnion(source, target);
    if (target.kind === "union") return this.#writeIntoUnion(source, target);
    assertResolvable(source, target);
    const conversion = conversionOf(source);
    const write = this.#writeRaw(source, target);
    if (conversion === undefined) return write;
    const convert = toRaw(conversion, source);
    return (out, value) => write(out, convert(value));
  }

  #writeRaw(source: TypeNode, target: TypeNode): Write {
    switch (source.kind) {
      case "fixed":
        return writeFixed(source.size);
      case "enum":
        return writeEnum(source, target as EnumNode);
      case "array":
        return this.#writeArray(source.items, (target as typeof source).items);
      case "map":
        return this.#writeMap(source.values, (target as typeof source).values);
      case "record": {
        const make = (): Write => this.#writeRecord(source, target as RecordNode);
        return this.#pairs.once(source, target, make, (find) => (out, value) => find()(out, value));
      }
      default:
        return (
          source.kind === target.kind ? RAW_WRITES[source.kind] : PROMOTED_WRITES[`${source.kind}>${target.kind}`]
        ) as Write;
    }
  }

  #writeArray(source: TypeNode, target: TypeNode): Write {
    const writeItem = under("items", () => this.compile(source, target));
    return (out, value) => {
      if (!Array.isArray(value)) throw new Misfit("an array", value);
      const { length } = value;
      if (length > 0) out.writeSint32(length);
      for (let i = 0; i < length; i++) {
        try {
          writeItem(out, value[i]);
        } catch (error) {
          throw seenFrom(`[${i}]`, error);
        }
      }
      out.writeByte(0);
    };
  }

  #writeMap(source: TypeNode, target: TypeNode): Write {
    const writeValue = under("values", () => this.compile(source, target));
    return (out, value) => {
      if (bucketOfValue(value) !== "object") throw new Misfit("an object (a map)", value);
      const keys = Object.keys(value as object);
      if (keys.length > 0) out.writeSint32(keys.length);
      for (const key of keys) {
        writeString(out, key);
        try {
          writeValue(out, (value as Record<string, unknown>)[key]);
        } catch (error) {
          throw seenFrom(`[${JSON.stringify(key)}]`, error);
        }
      }
      out.writeByte(0);
    };
  }

  #writeRecord(source: RecordNode, target: RecordNode): Write {
    const sources = matchFields(source.fields, target.fields);
    const names: string[] = [];
    const writes: Write[] = [];
    for (const field of target.fields) {
      const from = sources.get(field);
      names.push(from?.name ?? field.name);
      writes.push(
        under(field.name, () =>
          from === undefined ? writeDefault(field, this.defaults) : this.compileField(from, field),
        ),
      );
    }
    const { length } = names;
    const expected = `an object (${describe(source)})`;
    return (out, value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit(expected, value);
      for (let i = 0; i < length; i++) {
        const name = names[i] as string;
        try {
          (writes[i] as Write)(out, (value as Record<string, unknown>)[name]);
        } catch (error) {
          throw seenFrom(`.${name}`, error);
        }
      }
    };
  }

  /** Writes a field or an argument; undefined stands for its default. Throws Unresolvable. */
  compileField(source: FieldNode, target: FieldNode): Write {
    const write = this.compile(source.type, target.type);
    const bytes = source.default;
    if (bytes === undefined) return write;
    if (source === target) return (out, value) => (value === undefined ? out.writeBytes(bytes) : write(out, value));
    const read = readDefault(source.type, bytes);
    return (out, value) => write(out, value === undefined ? read() : value);
  }

  #writeUnion(source: UnionNode, target: TypeNode): Write {
    let reason: Unresolvable | undefined;
    let resolved = 0;
    const writes = source.branches.map((branch): Write => {
      if (!mayResolve(branch, target)) {
        return (_out, value) => {
          throw new Misfit(`something that the other side knows (${mismatchOf(branch, target)})`, value);
        };
      }
      try {
        const write = this.compile(branch, target);
        resolved++;
        return write;
      } catch (error) {
        if (!(error instanceof Unresolvable)) throw error;
        reason ??= error;
        const { text } = error;
        return (_out, value) => {
          throw new Misfit(`something that the other side knows (${text})`, value);
        };
      }
    });
    if (resolved === 0) throw reason ?? new Unresolvable(mismatchOf(source.branches[0] as TypeNode, target));
    return isWrapped(source) ? writeWrapped(source, writes) : writeUnwrapped(source, writes);
  }

  #writeIntoUnion(source: TypeNode, target: UnionNode): Write {
    const { index, compiled: write } = findBranch(source, target.branches, (branch) => this.compile(source, branch));
    return (out, value) => {
      out.writeSint32(index);
      write(out, value);
    };
  }
}

/** The default of a target's field that the source does not have. */
function writeDefault(field: FieldNode, budget: DefaultBudget): Write {
  const bytes = field.default;
  if (bytes === undefined) throw new Unresolvable("this side does not have this field, and it has no default");
  return (out) => {
    budget.spend(out, bytes.length);
    out.writeBytes(bytes);
  };
}

function writeFixed(size: number): Write {
  return (out, value) => {
    if (!(value instanceof Uint8Array) || value.length !== size)
      throw new Misfit(`a Uint8Array of ${size} bytes`, value);
    out.writeBytes(value);
  };
}

function writeEnum(source: EnumNode, target: EnumNode): Write {
  const places = new Map<unknown, number>();
  for (const symbol of source.symbols) {
    const same = target.symbols.indexOf(symbol);
    const place = same < 0 && target.fallback !== undefined ? target.symbols.indexOf(target.fallback) : same;
    if (place >= 0) places.set(symbol, place);
  }
  const expected = `one of ${[...places.keys()].join(", ")}`;
  return (out, value) => {
    const place = places.get(value);
    if (place === undefined) throw new Misfit(expected, value);
    out.writeSint32(place);
  };
}

function writeUnwrapped(source: UnionNode, writes: readonly Write[]): Write {
  const byBucket = new Map<Bucket, Write>();
  for (const [index, branch] of source.branches.entries()) byBucket.set(bucketOfNode(branch), writes[index] as Write);
  const expected = `one of ${source.branches.map(describe).join(", ")}`;
  return (out, value) => {
    const write = byBucket.get(bucketOfValue(value));
    if (write === undefined) throw new Misfit(expected, value);
    write(out, value);
  };
}

function writeWrapped(source: UnionNode, writes: readonly Write[]): Write {
  const byLabel = new Map<string, Write>();
  for (const [index, branch] of source.branches.entries()) byLabel.set(labelOf(branch), writes[index] as Write);
  const expected = `one of ${[...byLabel.keys()].map((label) => (label === "null" ? "null" : `{ ${label}: ... }`)).join(", ")}`;
  return (out, value) => {
    if (value === null || value === undefined) {
      const write = byLabel.get("null");
      if (write === undefined) throw new Misfit(expected, value);
      return write(out, null);
    }
    const keys = typeof value === "object" ? Object.keys(value) : [];
    const label = keys[0];
    const write = label === undefined || keys.length > 1 ? undefined : byLabel.get(label);
    if (write === undefined || label === undefined) throw new Misfit(expected, value);
    try {
      write(out, (value as Record<string, unknown>)[label]);
    } catch (error) {
      throw seenFrom(`.${label}`, error);
    }
  };
}

/** The group a value belongs to; undefined stands for null, as in a field that was left out. */
function bucketOfValue(value: unknown): Bucket {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return typeof value as Bucket;
    case "undefined":
      return "null";
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return "array";
      if (value instanceof Uint8Array) return "bytes";
      return value instanceof Date ? "date" : "object";
    default:
      return "none";
  }
}
