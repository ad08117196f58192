/**
 * fast-check's building blocks for messages of the wire.
 */
import fc from "fast-check";
import { bytes } from "./byte-builder.js";

/** Signed 32-bit integers, with the extremes that a plain generator rarely meets. */
export const anyInt32: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, 1, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)),
);

/** Signed 64-bit integers. */
export const anyInt64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)),
);

export const anyBytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

/** Text that UTF-8 can carry. */
export const anyText: fc.Arbitrary<string> = fc.string({ unit: "binary", maxLength: 150 });

/** A protobuf field, tag and value, that no message of Hadoop or of ours has; groups hold further fields. */
export const unknownField: fc.Arbitrary<Buffer> = fc.letrec<{ field: Buffer; group: Buffer; plain: Buffer }>((tie) => {
  const number = fc.oneof(fc.integer({ min: 11, max: 999 }), fc.integer({ min: 1002, max: 2 ** 29 - 1 }));
  return {
    plain: fc.oneof(
      fc.tuple(number, anyInt64).map(([id, value]) => bytes().tag(id, 0).varint(value).build()),
      fc.tuple(number, anyInt64).map(([id, value]) => bytes().tag(id, 1).int64(value).build()),
      fc.tuple(number, anyBytes).map(([id, value]) => bytes().field(id, value).build()),
      fc.tuple(number, anyInt32).map(([id, value]) => bytes().tag(id, 5).int32(value).build()),
    ),
    group: fc
      .tuple(number, fc.array(tie("field"), { maxLength: 3 }))
      .map(([id, inner]) => bytes().tag(id, 3).bytes(Buffer.concat(inner)).tag(id, 4).build()),
    field: fc.oneof({ maxDepth: 4 }, tie("plain"), tie("group")),
  };
}).field;

/**
 * A message's bytes made of these pieces: those of `older` before those of `newer`, else in any order, with fields
 * nobody knows in between. By protobuf's rules the newer value of a singular field counts.
 */
export function scrambled(older: readonly Buffer[], newer: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const half = (pieces: readonly Buffer[]): fc.Arbitrary<Buffer> =>
    fc
      .array(unknownField, { maxLength: 3 })
      .chain((unknown) => {
        const all = [...pieces, ...unknown];
        return fc.shuffledSubarray(all, { minLength: all.length });
      })
      .map((ordered) => Buffer.concat(ordered));
  return fc.tuple(half(older), half(newer)).map((halves) => Buffer.concat(halves));
}
