/**
 * Builds the bytes of a test by hand. It shares no code with `protocol/wire/byte-writer.ts`, and is slow and plain so that
 * it can be trusted: every call appends to a list of small arrays.
 *
 * ```ts
 * bytes().frame(bytes().delimited(bytes().hex("0802 1000").varint(24).sint(-3)).utf8("body")).build()
 * ```
 */
export class ByteBuilder {
  readonly #parts: Uint8Array[] = [];

  /** Bytes in hexadecimal; blanks are for the eye. */
  hex(digits: string): this {
    const dense = digits.replace(/\s+/g, "");
    if (!/^([0-9a-f]{2})*$/i.test(dense)) throw new Error(`not hexadecimal: ${digits}`);
    return this.bytes(Buffer.from(dense, "hex"));
  }

  bytes(bytes: Uint8Array | ByteBuilder): this {
    this.#parts.push(bytes instanceof ByteBuilder ? bytes.build() : bytes);
    return this;
  }

  byte(value: number): this {
    return this.bytes(Uint8Array.of(value & 0xff));
  }

  uint16(value: number): this {
    return this.byte(value >> 8).byte(value);
  }

  int32(value: number): this {
    return this.byte(value >> 24)
      .byte(value >> 16)
      .byte(value >> 8)
      .byte(value);
  }

  int64(value: bigint): this {
    return this.int32(Number(BigInt.asIntN(32, value >> 32n))).int32(Number(BigInt.asIntN(32, value)));
  }

  utf8(text: string): this {
    return this.bytes(new TextEncoder().encode(text));
  }

  /** A 4-byte length and UTF-8, as Hadoop's WritableUtils.writeString. */
  string32(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.int32(encoded.length).bytes(encoded);
  }

  /** A 2-byte length and bytes, as Hadoop's UTF8 class; for text without surrogates. */
  string16(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.uint16(encoded.length).bytes(encoded);
  }

  /** A protobuf varint of the value modulo 2^64: negatives take ten bytes. */
  varint(value: number | bigint): this {
    const digits: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      digits.push(Number(rest % 128n));
      rest /= 128n;
    } while (rest > 0n);
    return this.bytes(Uint8Array.from(digits, (digit, i) => (i < digits.length - 1 ? digit + 128 : digit)));
  }

  /** The same varint stretched with empty groups of seven bits to `length` bytes. */
  longVarint(value: number, length: number): this {
    let rest = BigInt(value);
    for (let i = 0; i < length; i++) {
      this.byte(Number(rest % 128n) + (i < length - 1 ? 128 : 0));
      rest /= 128n;
    }
    return this;
  }

  /** A protobuf sint32 or sint64: 0, -1, 1, -2 ... become 0, 1, 2, 3 ... */
  sint(value: number): this {
    return this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A protobuf field tag. */
  tag(field: number, wireType: number): this {
    return this.varint(field * 8 + wireType);
  }

  /** A length-delimited protobuf field. */
  field(field: number, value: string | Uint8Array | ByteBuilder): this {
    return this.tag(field, 2).delimited(typeof value === "string" ? new TextEncoder().encode(value) : value);
  }

  /** A varint length and the bytes. */
  delimited(body: Uint8Array | ByteBuilder): this {
    const built = body instanceof ByteBuilder ? body.build() : body;
    return this.varint(built.length).bytes(built);
  }

  /** A frame of the wire: a 4-byte length and the bytes. */
  frame(body: Uint8Array | ByteBuilder): this {
    const built = body instanceof ByteBuilder ? body.build() : body;
    return this.int32(built.length).bytes(built);
  }

  build(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** An empty builder. */
export function bytes(): ByteBuilder {
  return new ByteBuilder();
}

/** The bytes of a hexadecimal text; blanks are for the eye. */
export function hex(digits: string): Buffer {
  return bytes().hex(digits).build();
}
