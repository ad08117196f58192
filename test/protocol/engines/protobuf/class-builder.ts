/** Builds Java class files by hand, as far as the tests need them (Java Virtual Machine Specification, chapter 4). */
import { type ByteBuilder, bytes } from "../../../helpers/byte-builder.js";

export interface ClassContent {
  /** With slashes. */
  readonly name?: string;
  /** Strings that the static initializer puts into an array, as protoc's code does. */
  readonly pieces?: readonly string[];
  readonly interfaces?: readonly string[];
  /** Values of an annotation of this type: strings and longs. */
  readonly annotation?: { readonly type: string; readonly values: Readonly<Record<string, string | bigint>> };
}

/** Java's modified UTF-8 of a text whose characters are bytes. */
function modifiedUtf8(text: string): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((char) => {
      const code = char.charCodeAt(0);
      return code > 0 && code < 0x80 ? [code] : [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
    }),
  );
}

class Constants {
  readonly bytes = bytes();
  #next = 1;

  get count(): number {
    return this.#next;
  }

  #take(places: number): number {
    this.#next += places;
    return this.#next - places;
  }

  text(value: string): number {
    const encoded = modifiedUtf8(value);
    this.bytes.byte(1).uint16(encoded.length).bytes(encoded);
    return this.#take(1);
  }

  long(value: bigint): number {
    this.bytes.byte(5).int64(value);
    return this.#take(2);
  }

  /** A double, a member and a method handle, which a reader passes over. */
  skipped(): void {
    this.bytes.byte(6).int64(1n).byte(10).int32(0).byte(15).byte(1).uint16(1);
    this.#take(4);
  }

  /** A string (8) or a class (7). */
  reference(tag: 7 | 8, text: string): number {
    const at = this.text(text);
    this.bytes.byte(tag).uint16(at);
    return this.#take(1);
  }
}

export function classFile({ annotation, interfaces = [], name = "demo/Own", pieces = [] }: ClassContent): Buffer {
  const constants = new Constants();
  constants.skipped();
  const own = constants.reference(7, name);
  const attributes = annotation === undefined ? [] : [annotationBytes(constants, annotation)];
  const method = initializer(constants, pieces);
  const names = interfaces.map((name) => constants.reference(7, name));
  const body = bytes().uint16(0x601).uint16(own).uint16(own).uint16(names.length);
  for (const name of names) body.uint16(name);
  body.uint16(0).uint16(1).bytes(method).uint16(attributes.length);
  for (const attribute of attributes) body.bytes(attribute);
  return bytes().hex("cafebabe 0000 003d").uint16(constants.count).bytes(constants.bytes).bytes(body).build();
}

function initializer(constants: Constants, pieces: readonly string[]): ByteBuilder {
  const code = bytes().byte(0x10).byte(pieces.length).byte(0xbd).uint16(1);
  for (const [i, piece] of pieces.entries()) {
    const at = constants.reference(8, piece);
    code.byte(0x59).hex("11").uint16(i).byte(0x13).uint16(at).byte(0x53);
  }
  code.hex("4b b1");
  const built = code.build();
  const attribute = bytes().uint16(4).uint16(1).int32(built.length).bytes(built).uint16(0).uint16(0).build();
  const name = constants.text("<clinit>");
  const type = constants.text("()V");
  const codeName = constants.text("Code");
  return bytes()
    .uint16(8)
    .uint16(name)
    .uint16(type)
    .uint16(1)
    .uint16(codeName)
    .int32(attribute.length)
    .bytes(attribute);
}

function annotationBytes(constants: Constants, { type, values }: NonNullable<ClassContent["annotation"]>): ByteBuilder {
  const entries = Object.entries(values);
  const content = bytes().uint16(1).uint16(constants.text(type)).uint16(entries.length);
  for (const [name, value] of entries) {
    content.uint16(constants.text(name)).utf8(typeof value === "bigint" ? "J" : "s");
    content.uint16(typeof value === "bigint" ? constants.long(value) : constants.text(value));
  }
  const built = content.build();
  return bytes().uint16(constants.text("RuntimeVisibleAnnotations")).int32(built.length).bytes(built);
}
