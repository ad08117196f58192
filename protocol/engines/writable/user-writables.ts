/**
 * Writables that a definition declares itself.
 *
 * ```ts
 * writables: {
 *   "demo.TextArray": "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>",   // a subclass with the same bytes
 *   "demo.Point": { x: "int", y: "int", label: "org.apache.hadoop.io.Text" },            // its fields, as write() has them
 *   "demo.Odd": { read: (reader) => ..., write: (value, out) => ... },                   // anything else
 * }
 * ```
 */
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { enter, type JavaType, misfit, within } from "./java-type.js";
import { writableOf } from "./writables.js";

/** How a Writable's write() and readFields() look in TypeScript. Such a Writable cannot be handed out by reflection. */
export interface WritableFunctions<T> {
  /** Reads one value and leaves the reader behind it. What it throws says that the bytes do not fit. */
  read(reader: ByteReader): T;
  /** Writes one value. What it throws says that the value does not fit. */
  write(value: T, out: ByteWriter): void;
  /** Fewest bytes of a value, 1 if not given; 0 makes arrays of it count against the limit of empty items. */
  readonly minBytes?: number;
}

/** A Writable with the fields of a table, each written as DataOutput or the field's own write() does. */
export type WritableFields = { readonly [field: string]: string };

/** A record; `fields` is asked for when all types are known. Throws BAD_DEFINITION from `minBytes` if it contains itself. */
export function recordOf(className: string, fields: () => ReadonlyMap<string, JavaType>): JavaType {
  let measuring = false;
  let minBytes: number | undefined;
  return writableOf(className, {
    get minBytes() {
      if (minBytes !== undefined) return minBytes;
      if (measuring) throw new RpcError("BAD_DEFINITION", `Writable ${className} contains itself`);
      measuring = true;
      minBytes = [...fields().values()].reduce((sum, type) => sum + type.minBytes, 0);
      return minBytes;
    },
    writeValue(value, out) {
      forFields(value, fields(), className, (type, field) => type.writeValue(field, out, false));
    },
    readValue(reader, state) {
      enter(state);
      const entries: [string, unknown][] = [];
      for (const [name, type] of fields()) entries.push([name, type.readValue(reader, state)]);
      state.depth--;
      return Object.fromEntries(entries);
    },
    skipValue(reader, state) {
      enter(state);
      for (const type of fields().values()) type.skipValue(reader, state);
      state.depth--;
    },
    toJson: (value) => Object.fromEntries(forFields(value, fields(), className, (type, field) => type.toJson(field))),
    fromJson: (json, bytes) =>
      Object.fromEntries(forFields(json, fields(), className, (type, field) => type.fromJson(field, bytes))),
  });
}

function forFields(
  value: unknown,
  fields: ReadonlyMap<string, JavaType>,
  className: string,
  visit: (type: JavaType, field: unknown) => unknown,
): [string, unknown][] {
  if (typeof value !== "object" || value === null) throw misfit(`an object with the fields of ${className}`, value);
  return Array.from(fields, ([name, type]) => {
    try {
      return [name, visit(type, (value as Record<string, unknown>)[name])];
    } catch (error) {
      throw within(`field ${name}`, error);
    }
  });
}

/** A Writable that functions of the user read and write. */
export function functionsOf(className: string, functions: WritableFunctions<unknown>): JavaType {
  return writableOf(className, {
    minBytes: functions.minBytes ?? 1,
    writeValue: (value, out) => functions.write(value, out),
    readValue: (reader) => functions.read(reader),
  });
}

/** A class with the bytes of another Writable, whose subclass it is in Java. */
export function subclassOf(className: string, target: JavaType): JavaType {
  return writableOf(className, {
    get minBytes() {
      return target.minBytes;
    },
    superclasses: [target.label, ...target.superclasses],
    writeValue: (value, out, compact) => target.writeValue(value, out, compact),
    readValue: (reader, state) => target.readValue(reader, state),
    skipValue: (reader, state) => target.skipValue(reader, state),
    toJson: (value) => target.toJson(value),
    fromJson: (json, bytes) => target.fromJson(json, bytes),
  });
}
