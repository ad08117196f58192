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

/** Reads a value that must be of this type. Throws BAD_BYTES. */
export function readObject(reader: ByteReader, type: JavaType, state: DecodeState): unknown {
  if (startsWith(reader, type.head)) {
    reader.position += type.head.length;
    return type.readValue(reader, state);
  }
  const value = readAnyObject(reader, state, type);
  if (value === null ? type.nullBytes === undefined : state.declared !== type.className) {
    const found = value === null ? "null" : `a value of class ${state.declared}`;
    throw new RpcError("BAD_BYTES", `${found} came where ${type.label} is declared`);
  }
  return value;
}

/**
 * Reads a value of whatever declared class it names and leaves that name in `state.declared`. `hint` is the type that
 * was expected; of two types with one class name (ArrayWritable of this or of that) it is the one that is meant.
 * Throws BAD_BYTES, with Hadoop's text for a class that is not known.
 */
export function readAnyObject(reader: ByteReader, state: DecodeState, hint?: JavaType): unknown {
  const name = readUtf8String(reader);
  if (name === COMPACT_ARRAY_CLASS) return readCompact(reader, state);
  const type = findType(name, state, hint);
  if (type !== undefined && type.kind !== "writable") {
    const value = type.readValue(reader, state);
    state.declared = name;
    return value;
  }
  if (type === undefined && name !== WRITABLE_CLASS) throw unknownClass(name);
  return readWritable(reader, state, name, type);
}

function findType(name: string, state: DecodeState, hint: JavaType | undefined): JavaType | undefined {
  return hint !== undefined && hint.className === name ? hint : state.types.find(name);
}

function readCompact(reader: ByteReader, state: DecodeState): unknown {
  const component = readUtf8String(reader);
  const form = COMPACT_FORMS.get(component);
  if (form === undefined) throw new RpcError("BAD_BYTES", `an array of primitives cannot hold ${component}`);
  const value = form.read(reader, state);
  state.declared = form.className;
  return value;
}

function readWritable(reader: ByteReader, state: DecodeState, name: string, declared: JavaType | undefined): unknown {
  const valueName = readUtf8String(reader);
  if (valueName === NULL_INSTANCE_CLASS) {
    const ofClass = readUtf8String(reader);
    if (ofClass !== WRITABLE_CLASS && state.types.find(ofClass) === undefined) {
      throw new RpcError("BAD_BYTES", `java.lang.ClassNotFoundException: Class ${ofClass} not found`);
    }
    state.declared = ofClass;
    return null;
  }
  const type = findType(valueName, state, declared);
  if (type === undefined || type.kind !== "writable") throw unknownClass(valueName);
  if (declared !== undefined && declared !== type && !type.superclasses.includes(declared.label)) {
    throw new RpcError("BAD_BYTES", `a ${type.label} came where ${declared.label} is declared`);
  }
  const value = type.readValue(reader, state);
  state.declared = name;
  return value;
}

function unknownClass(name: string): RpcError {
  return new RpcError("BAD_BYTES", `readObject can't find class ${name}`);
}
