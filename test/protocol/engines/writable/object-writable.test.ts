import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DEFAULT_DECODE_LIMITS } from "../../../../protocol/engine.js";
import { arrayOf } from "../../../../protocol/engines/writable/arrays.js";
import { enumOf } from "../../../../protocol/engines/writable/enums.js";
import { createDecodeState, type DecodeState, type JavaType } from "../../../../protocol/engines/writable/java-type.js";
import {
  readNames,
  readObject,
  skipObject,
  writeObject,
} from "../../../../protocol/engines/writable/object-writable.js";
import { BUILTIN_TYPES, TypeTable } from "../../../../protocol/engines/writable/type-table.js";
import { RpcError } from "../../../../protocol/rpc-error.js";
import { ByteReader } from "../../../../protocol/wire/byte-reader.js";
import { ByteWriter } from "../../../../protocol/wire/byte-writer.js";

const COLOR = enumOf("demo.Color", ["RED", "GREEN"]);
const TYPES = new TypeTable([COLOR], [BUILTIN_TYPES]);
const state = (): DecodeState => createDecodeState(DEFAULT_DECODE_LIMITS, TYPES);

interface Typed {
  readonly type: JavaType;
  readonly values: fc.Arbitrary<unknown>;
}

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const LEAVES: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
  ["boolean", fc.boolean()],
  ["byte", fc.integer({ min: -128, max: 127 })],
  ["short", fc.integer({ min: -32768, max: 32767 })],
  ["int", fc.integer()],
  ["long", long],
  ["float", fc.float()],
  ["double", fc.double()],
  ["char", fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))],
  ["java.lang.String", fc.option(fc.string({ unit: "binary", maxLength: 50 }))],
  ["demo.Color", fc.option(fc.constantFrom("RED", "GREEN"))],
  ["org.apache.hadoop.io.Text", fc.option(fc.string({ unit: "grapheme", maxLength: 50 }))],
  ["org.apache.hadoop.io.VLongWritable", fc.option(long)],
  ["org.apache.hadoop.io.BytesWritable", fc.option(fc.uint8Array({ maxLength: 50 }))],
];

function arrays({ type, values }: Typed): Typed {
  const isByte = type.className === "byte";
  const elements = isByte ? fc.uint8Array({ maxLength: 8 }) : fc.array(values, { maxLength: 5 });
  return { type: arrayOf(type), values: fc.option(elements as fc.Arbitrary<unknown>) };
}

const leaf = fc.constantFrom(...LEAVES).map(([name, values]): Typed => ({ type: TYPES.resolve(name), values }));
const typed = fc.tuple(leaf, fc.nat({ max: 3 })).map(([of, dimensions]) => {
  let result = of;
  for (let i = 0; i < dimensions; i++) result = arrays(result);
  return result;
});
const sample = typed.chain(({ type, values }) =>
  fc.record({ type: fc.constant(type), value: values, compact: fc.boolean() }),
);

function encode(type: JavaType, value: unknown, compact: boolean): Buffer {
  const out = new ByteWriter(64);
  writeObject(type, value, out, compact);
  return out.take();
}

test("any value of any type comes back, by its declared type and by its own names", () => {
  fc.assert(
    fc.property(sample, ({ type, value, compact }) => {
      const bytes = encode(type, value, compact);
      const reader = new ByteReader(bytes);
      assert.deepEqual(readObject(reader, type, state()), value);
      assert.equal(reader.remaining, 0);
      const own = new ByteReader(bytes);
      const { className, content } = readNames(own, state());
      assert.equal(className, type.className);
      assert.deepEqual(content === undefined ? null : content.readValue(own, state()), value);
    }),
    { numRuns: 500 },
  );
});

test("a value that is skipped takes the bytes that reading it takes, and arrays of primitives do not count", () => {
  fc.assert(
    fc.property(sample, ({ type, value, compact }) => {
      const reader = new ByteReader(Buffer.concat([encode(type, value, compact), Buffer.from("junk")]));
      const skipped = state();
      skipObject(reader, type, skipped);
      assert.equal(reader.remaining, 4);
      assert.equal(skipped.primitives, 0);
      assert.equal(skipped.depth, 0);
    }),
    { numRuns: 500 },
  );
});

test("bytes that were changed give a value or an RpcError, and never take more than they are", () => {
  const change = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(sample, fc.array(change, { minLength: 1, maxLength: 4 }), ({ type, value, compact }, changes) => {
      const bytes = encode(type, value, compact);
      for (const { at, byte } of changes) bytes[Math.floor(at * bytes.length)] = byte;
      for (const way of ["readValue", "skipValue"] as const) {
        const reader = new ByteReader(bytes);
        const used = state();
        try {
          readNames(reader, used).content?.[way](reader, used);
        } catch (error) {
          assert.ok(error instanceof RpcError && error.code === "BAD_BYTES", String(error));
        }
        assert.ok(reader.position <= reader.end);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a type that is expected and another that has its class name are told apart by what is expected", () => {
  const [texts, longs] = ["Text", "LongWritable"].map((element) => {
    return TYPES.resolve(`org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.${element}>`);
  }) as [JavaType, JavaType];
  assert.deepEqual(readObject(new ByteReader(encode(longs, [1n], false)), longs, state()), [1n]);
  assert.deepEqual(readObject(new ByteReader(encode(texts, ["a"], false)), texts, state()), ["a"]);
});
