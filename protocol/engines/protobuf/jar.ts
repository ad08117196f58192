/** Reads what a jar holds for protobuf: `.proto` entries, or the descriptors in its classes; and which protocols it tells of. */
import { unzipSync } from "fflate";
import { RpcError } from "../../rpc-error.js";
import { type ClassFile, embeddedDescriptor, readClassFile } from "./class-file.js";
import { readDescriptor } from "./proto-descriptor.js";
import type { ProtoFile } from "./proto-file.js";
import { readProtoText } from "./proto-text.js";
import type { HadoopProtocol } from "./source.js";

/** Bytes that one entry may unpack to, and all that are read together. */
const MAX_ENTRY_BYTES = 16 * 1024 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

export interface JarContent {
  readonly files: readonly ProtoFile[];
  readonly protocols: readonly HadoopProtocol[];
}

/** Reads a jar. Throws BAD_DEFINITION naming `path` and the entry. */
export function readJar(path: string, bytes: Uint8Array): JarContent {
  const texts = unpack(path, bytes, (name) => name.endsWith(".proto"));
  // Nested classes hold no descriptors, and protocols are not nested.
  const classes = unpack(path, bytes, (name) => name.endsWith(".class") && !name.includes("$"));
  const files: ProtoFile[] = [];
  const protocols: HadoopProtocol[] = [];
  for (const [name, text] of texts) files.push(readProtoText(protoPath(name), Buffer.from(text).toString("utf8")));
  for (const [name, content] of classes) {
    const classFile = parseClass(`${path}!${name}`, content);
    if (classFile === undefined) continue;
    protocols.push(...protocolOf(classFile));
    const descriptor = texts.length === 0 ? embeddedDescriptor(classFile) : undefined;
    if (descriptor !== undefined) files.push(readDescriptor(`${path}!${name}`, descriptor));
  }
  return { files, protocols };
}

type Entry = readonly [name: string, content: Uint8Array];

function unpack(path: string, bytes: Uint8Array, wanted: (name: string) => boolean): Entry[] {
  if (bytes.length === 0) throw bad(`${path} is empty: download it again`);
  let total = 0;
  let reading: string | undefined;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (!wanted(name)) return false;
    total += originalSize;
    if (originalSize > MAX_ENTRY_BYTES || total > MAX_TOTAL_BYTES) {
      throw bad(`${path} cannot be read as a jar: ${name} unpacks to ${originalSize} bytes, which is too much`);
    }
    reading = name;
    return true;
  };
  try {
    return Object.entries(unzipSync(bytes, { filter }));
  } catch (error) {
    if (error instanceof RpcError) throw error;
    // The list of entries is the last of a jar; once it is found, what fails is an entry.
    if (reading === undefined) throw bad(`${path} is no jar, or is truncated or damaged: download it again`, error);
    throw bad(`${path}!${reading} is damaged: download ${path} again`, error);
  }
}

function bad(message: string, cause?: unknown): RpcError {
  return new RpcError("BAD_DEFINITION", message, { cause });
}

/** Entries lie under the folder that imports are relative to; jars that have them keep them at the top or in `proto/`. */
function protoPath(entry: string): string {
  return entry.replace(/^(?:META-INF\/)?(?:proto\/)?/, "");
}

function parseClass(where: string, content: Uint8Array): ClassFile | undefined {
  try {
    return readClassFile(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
  } catch (error) {
    throw bad(`${where} is a class file that ends too early: it is damaged, download the jar again`, error);
  }
}

const PROTOCOL_INFO = "Lorg/apache/hadoop/ipc/ProtocolInfo;";
const BLOCKING_INTERFACE = "$BlockingInterface";

/** Hadoop: ipc/ProtocolInfo.java. An interface that extends none of protoc's, or names no protocol, tells of none. */
function protocolOf({ annotations, interfaces, name }: ClassFile): HadoopProtocol[] {
  const info = annotations.find(({ type }) => type === PROTOCOL_INFO)?.values;
  const base = interfaces.find((name) => name.endsWith(BLOCKING_INTERFACE));
  const protocolName = info?.get("protocolName");
  if (typeof protocolName !== "string" || base === undefined) return [];
  const version = Number(info?.get("protocolVersion") ?? 1n);
  const serviceClass = base.slice(0, -BLOCKING_INTERFACE.length).replaceAll("/", ".");
  return [{ protocolName, version, serviceClass, javaInterface: name }];
}
