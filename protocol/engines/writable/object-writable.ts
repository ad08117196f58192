/**
 * ObjectWritable: a value that says its own class (Hadoop: io/ObjectWritable.java, writeObject and readObject).
 *
 * ```
 *   null               | Writable | ObjectWritable$NullInstance | declared class |                each name a UTF8 string
 *   compact array      | ArrayPrimitiveWritable$Internal | component | n int32 | n raw elements |
 *   other array        | [I, [Ljava.lang.String; ... | n int32 | n objects, each as a whole |
 *   primitive, String  | name | value |
 *   enum               | class | constant |
 *   Writable           | declared class | class of the value | what its write() writes |
 * ```
 * The compact form is what clients send as parameters; results have the other one. Both are read in both directions.
 */
import { RpcError } from "../../rpc-error.js";
import type { ByteReader } from "../../wire/byte-reader.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import { COMPACT_FORMS } from "./compact-arrays.js";
import {
  COMPACT_ARRAY_CLASS,
  type Content,
  type DecodeState,
  type JavaType,
  misfit,
  NULL_INSTANCE_CLASS,
  WRITABLE_CLASS,
} from "./java-type.js";
import { readUtf8String } from "./utf8.js";

/** Writes a value of a declared type. Throws BAD_ARGUMENT with a message that goes on from the name of the value. */
export function writeObject(type: JavaType, value: unknown, out: ByteWriter, compact: boolean): void {
  if (value === null) {
    if (type.nullBytes === undefined) throw misfit(`a value of type ${type.label}`, value);
    out.writeBytes(type.nullBytes);
  } else if (compact && type.compact !== undefined) {
    out.writeBytes(type.compact.head);
    type.compact.write(value, out);
  } else {
    out.writeBytes(type.head);
    type.writeValue(value, out, compact);
  }
}

/** The bytes at the reader's position are these. */
export function startsWith(reader: ByteReader, bytes: Buffer): boolean {
  const { buffer, position } = reader;
  const length = bytes.length;
  if (length > reader.end - position) return false;
  for (let i = 0; i < length; i++) {
    if (buffer[position + i] !== bytes[i]) return false;
  }
  return true;
}

/** Reads a value that must be of this type. Throws BAD_BYTES, before anything is made of a value of another class. */
export function readObject(reader: ByteReader, type: JavaType, state: DecodeState): unknown {
  if (startsWith(reader, type.head)) {
    reader.position += type.head.length;
    return type.readValue(reader, state);
  }
  const content = readExpectedNames(reader, type, state);
  return content === undefined ? null : content.readValue(reader, state);
}

/** Goes past a value that must be of this type, without making it. Throws BAD_BYTES. */
export function skipObject(reader: ByteReader, type: JavaType, state: DecodeState): void {
  if (startsWith(reader, type.head)) {
    reader.position += type.head.length;
    type.skipValue(reader, state);
  } else {
    readExpectedNames(reader, type, state)?.skipValue(reader, state);
  }
}

function readExpectedNames(reader: ByteReader, type: JavaType, state: DecodeState): Content | undefined {
  const { className, content } = readNames(reader, state, type);
  if (content === undefined ? type.nullBytes === undefined : className !== type.className) {
    const found = content === undefined ? "null" : `a value of class ${className}`;
    throw new RpcError("BAD_BYTES", `${found} came where ${type.label} is declared`);
  }
  return content;
}

/** What an object says of itself in front of its value. */
interface ObjectNames {
  /** The declared class. */
  readonly className: string;
  /** How the value, which is next, is read or skipped; undefined for null, which has none. */
  readonly content: Content | undefined;
}

/**
 * Reads the names of an object of any class and leaves the reader in front of its value. `hint` is the type that was
 * expected; of two types with one class name (ArrayWritable of this or of that) it is the one that is meant.
 * Throws BAD_BYTES, with Hadoop's text for a class that is not known.
 */
export function readNames(reader: ByteReader, state: DecodeState, hint?: JavaType): ObjectNames {
  const name = readUtf8String(reader);
  if (name === COMPACT_ARRAY_CLASS) return readComponent(reader);
  const type = findType(name, state, hint);
  if (type !== undefined && type.kind !== "writable") return { className: name, content: type };
  if (type === undefined && name !== WRITABLE_CLASS) throw unknownClass(name);
  return readWritableName(reader, state, name, type);
}

function findType(name: string, state: DecodeState, hint: JavaType | undefined): JavaType | undefined {
  return hint !== undefined && hint.className === name ? hint : state.types.find(name);
}

function readComponent(reader: ByteReader): ObjectNames {
  const component = readUtf8String(reader);
  const form = COMPACT_FORMS.get(component);
  if (form === undefined) throw new RpcError("BAD_BYTES", `an array of primitives cannot hold ${component}`);
  return { className: form.className, content: form };
}

function readWritableName(
  reader: ByteReader,
  state: DecodeState,
  name: string,
  declared: JavaType | undefined,
): ObjectNames {
  const valueName = readUtf8String(reader);
  if (valueName === NULL_INSTANCE_CLASS) {
    const ofClass = readUtf8String(reader);
    if (ofClass !== WRITABLE_CLASS && state.types.find(ofClass) === undefined) {
      throw new RpcError("BAD_BYTES", `java.lang.ClassNotFoundException: Class ${ofClass} not found`);
    }
    return { className: ofClass, content: undefined };
  }
  const type = findType(valueName, state, declared);
  if (type === undefined || type.kind !== "writable") throw unknownClass(valueName);
  if (declared !== undefined && declared !== type && !type.superclasses.includes(declared.label)) {
    throw new RpcError("BAD_BYTES", `a ${type.label} came where ${declared.label} is declared`);
  }
  return { className: name, content: type };
}

function unknownClass(name: string): RpcError {
  return new RpcError("BAD_BYTES", `readObject can't find class ${name}`);
}
