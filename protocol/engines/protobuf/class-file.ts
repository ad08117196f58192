/**
 * What this engine reads of Java class files (Java Virtual Machine Specification, chapter 4): the descriptor that protoc embeds,
 * and which protocol an interface stands for. No code is run; what cannot be followed is passed over.
 *
 * ```
 *   | cafebabe | minor 2 | major 2 | count 2 | constants | access 2 | this 2 | super 2 | n 2, interfaces | n 2, fields | n 2, methods |
 *   | n 2, attributes |       field, method: | access 2 | name 2 | type 2 | n 2, attributes |    attribute: | name 2 | length 4 | ... |
 * ```
 */
import { ByteReader } from "../../wire/byte-reader.js";

/** A constant: a text, the texts of longs, or for strings and classes the number of their text. */
type Constant = { readonly text: string } | { readonly long: bigint } | { readonly textAt: number } | undefined;

export interface ClassFile {
  /** `Class.getName()`: `org.example.Greeter$Inner`. */
  readonly name: string;
  readonly interfaces: readonly string[];
  /** Name of each annotation's type, `Lorg/example/Note;`, and its simple values. */
  readonly annotations: readonly { readonly type: string; readonly values: ReadonlyMap<string, string | bigint> }[];
  /** Code of the static initializer, empty if there is none. */
  readonly initializer: Buffer;
  string(index: number): string | undefined;
}

const MAGIC = -889275714;

/** Reads a class file; undefined if it is none. Throws BAD_BYTES if it is cut off. */
export function readClassFile(bytes: Buffer): ClassFile | undefined {
  const from = new ByteReader(bytes);
  if (bytes.length < 10 || from.readInt32() !== MAGIC) return undefined;
  from.skip(4);
  const constants = readConstants(from);
  const textOf = (index: number): string => {
    const constant = constants[index];
    return constant !== undefined && "text" in constant ? constant.text : "";
  };
  const referred = (index: number): string | undefined => {
    const constant = constants[index];
    return constant !== undefined && "textAt" in constant ? textOf(constant.textAt) : undefined;
  };
  from.skip(2);
  const name = (referred(from.readUint16()) ?? "").replaceAll("/", ".");
  from.skip(2);
  const interfaces = repeat(from.readUint16(), () => referred(from.readUint16()) ?? "");
  let initializer: Buffer = EMPTY;
  skipMembers(from, () => undefined);
  skipMembers(from, (member, attribute, content) => {
    if (textOf(member) === "<clinit>" && textOf(attribute) === "Code") initializer = codeOf(content);
  });
  const annotations: ClassFile["annotations"][number][] = [];
  readAttributes(from, (attribute, content) => {
    if (textOf(attribute) === "RuntimeVisibleAnnotations") annotations.push(...readAnnotations(content, constants));
  });
  return { name, interfaces, annotations, initializer, string: referred };
}

const EMPTY = Buffer.alloc(0);
/** Bytes of constants that are not looked at, by tag. */
const CONSTANT_BYTES: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  6: 8,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  17: 4,
  18: 4,
};

function readConstants(from: ByteReader): Constant[] {
  const count = from.readUint16();
  const constants: Constant[] = [undefined];
  while (constants.length < count) {
    const tag = from.readByte();
    if (tag === 1) constants.push({ text: readText(from.readBytes(from.readUint16())) });
    else if (tag === 5) constants.push({ long: from.readInt64() }, undefined);
    else if (tag === 7 || tag === 8 || tag === 16 || tag === 19 || tag === 20)
      constants.push({ textAt: from.readUint16() });
    else {
      from.skip(CONSTANT_BYTES[tag] ?? 0);
      constants.push(undefined);
      // Doubles take two places, as longs do.
      if (tag === 6) constants.push(undefined);
    }
  }
  return constants;
}

/** Java's modified UTF-8: every UTF-16 unit by itself, and 0 in two bytes. */
function readText(bytes: Buffer): string {
  if (bytes.every((byte) => byte < 0x80)) return bytes.toString("latin1");
  const units: string[] = [];
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++] as number;
    if (first < 0x80) units.push(String.fromCharCode(first));
    else if (first < 0xe0) units.push(String.fromCharCode(((first & 0x1f) << 6) | ((bytes[i++] ?? 0) & 0x3f)));
    else {
      const high = (first & 0x0f) << 12;
      units.push(String.fromCharCode(high | (((bytes[i++] ?? 0) & 0x3f) << 6) | ((bytes[i++] ?? 0) & 0x3f)));
    }
  }
  return units.join("");
}

function repeat<T>(count: number, read: () => T): T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

function skipMembers(from: ByteReader, visit: (name: number, attribute: number, content: ByteReader) => void): void {
  repeat(from.readUint16(), () => {
    from.skip(2);
    const name = from.readUint16();
    from.skip(2);
    readAttributes(from, (attribute, content) => visit(name, attribute, content));
  });
}

function readAttributes(from: ByteReader, visit: (name: number, content: ByteReader) => void): void {
  repeat(from.readUint16(), () => {
    const name = from.readUint16();
    visit(name, new ByteReader(from.readBytes(from.readInt32())));
  });
}

/** `| stack 2 | locals 2 | length 4 | code | ... |` */
function codeOf(content: ByteReader): Buffer {
  content.skip(4);
  return content.readBytes(content.readInt32());
}

/** `| n 2 | type 2 | m 2 | name 2, tag 1, value | ... |`; an annotation with values that are not simple ends the reading. */
function readAnnotations(content: ByteReader, constants: readonly Constant[]): ClassFile["annotations"][number][] {
  const found: ClassFile["annotations"][number][] = [];
  const textAt = (index: number): string => {
    const constant = constants[index];
    return constant !== undefined && "text" in constant ? constant.text : "";
  };
  for (let left = content.readUint16(); left > 0; left--) {
    const type = textAt(content.readUint16());
    const values = new Map<string, string | bigint>();
    for (let pairs = content.readUint16(); pairs > 0; pairs--) {
      const name = textAt(content.readUint16());
      const tag = String.fromCharCode(content.readByte());
      if (!"BCDFIJSZsc".includes(tag)) return found;
      const constant = constants[content.readUint16()];
      if (constant !== undefined && "long" in constant) values.set(name, constant.long);
      else if (constant !== undefined && "text" in constant) values.set(name, constant.text);
    }
    found.push({ type, values });
  }
  return found;
}

/**
 * The FileDescriptorProto that protoc embeds into the outer class of a `.proto` file; undefined if there is none.
 *
 * The initializer of such a class begins by making an array of strings, each character a byte:
 * `iconst n, anewarray String, (dup, iconst i, ldc piece, aastore) x n, astore`. Pieces are cut as Java's constants hold
 * at most 65,535 bytes.
 */
export function embeddedDescriptor({ initializer, string }: ClassFile): Buffer | undefined {
  const from = new ByteReader(initializer);
  const pieces: string[] = [];
  try {
    skipPush(from, from.readByte());
    if (from.readByte() !== OP.anewarray) return undefined;
    from.skip(2);
    while (from.readByte() === OP.dup) {
      skipPush(from, from.readByte());
      const load = from.readByte();
      if (load !== OP.ldc && load !== OP.ldcWide) return undefined;
      const piece = string(load === OP.ldc ? from.readByte() : from.readUint16());
      if (piece === undefined || from.readByte() !== OP.aastore) return undefined;
      pieces.push(piece);
    }
  } catch {
    return undefined;
  }
  // Field 1 of the descriptor is the file's name: tag 0a.
  return pieces[0]?.startsWith("\n") === true ? Buffer.from(pieces.join(""), "latin1") : undefined;
}

const OP = { bipush: 0x10, sipush: 0x11, ldc: 0x12, ldcWide: 0x13, aastore: 0x53, dup: 0x59, anewarray: 0xbd } as const;

/** Passes over what follows an instruction that pushes a small number. */
function skipPush(from: ByteReader, op: number): void {
  if (op === OP.bipush) from.skip(1);
  else if (op === OP.sipush) from.skip(2);
}
