/** Reads `.proto` files, folders of them, and jars, for programs that name some. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { RpcError } from "../../rpc-error.js";
import type { ProtoFile } from "./proto-file.js";
import { type HadoopProtocol, ProtoSource } from "./source.js";

/**
 * Reads `.proto` files, folders with all `.proto` files below them, and jars. Imports of a file are looked for beside it and in the
 * folders that are given; what is not found there may come from a jar. The two files of hadoop-common that other jars of Hadoop import,
 * Security.proto and HAServiceProtocol.proto, are known if they are not given.
 *
 * ```ts
 * const source = await loadProto("hadoop-hdfs-client-3.4.2.jar");
 * const ClientProtocol = protobuf({ source, protocolName: "org.apache.hadoop.hdfs.protocol.ClientProtocol" });
 * ```
 * A jar is read for its `.proto` entries, or if it has none for the descriptors that protoc embeds into Java classes.
 *
 * Throws BAD_DEFINITION naming the file, where known the line, and the fault.
 */
export async function loadProto(...paths: readonly (string | URL)[]): Promise<ProtoSource> {
  const loader = new Loader();
  for (const path of paths) await loader.load(path instanceof URL ? fileURLToPath(path) : path);
  await loader.loadImports();
  await loader.loadHadoopImports();
  return loader.source();
}

/**
 * Reads the texts of `.proto` files, under the paths by which they import each other.
 *
 * Throws BAD_DEFINITION naming the path, where known the line, and the fault.
 */
export async function parseProto(texts: Readonly<Record<string, string>>): Promise<ProtoSource> {
  // protobufjs is loaded when it is needed: a program that serves no protobuf starts without it.
  const { readProtoText } = await import("./proto-text.js");
  return new ProtoSource(Object.entries(texts).map(([path, text]) => readProtoText(path, text)));
}

class Loader {
  readonly #files: ProtoFile[] = [];
  readonly #protocols: HadoopProtocol[] = [];
  readonly #known = new Set<string>();
  /** Where imports are looked for, by the file that imports; and those for all. */
  readonly #folders: string[] = [];
  readonly #folderOf = new Map<ProtoFile, string>();

  async load(path: string): Promise<void> {
    if (await isFolder(path)) await this.#loadFolder(path);
    else if (/\.(jar|zip)$/i.test(path)) await this.#loadJar(path);
    else await this.#loadText(path, basename(path));
  }

  async #loadFolder(folder: string): Promise<void> {
    this.#folders.push(folder);
    const entries = await reading(folder, () => readdir(folder, { recursive: true, withFileTypes: true }));
    const found = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".proto"));
    if (found.length === 0) throw new RpcError("BAD_DEFINITION", `${folder} is a folder without .proto files`);
    const paths = found.map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const path of paths) await this.#loadText(path, relative(folder, path).replaceAll("\\", "/"));
  }

  async #loadJar(path: string): Promise<void> {
    const bytes = await reading(path, () => readFile(path));
    const { readJar } = await import("./jar.js");
    const { files, protocols } = readJar(path, bytes);
    this.#files.push(...files);
    this.#protocols.push(...protocols);
  }

  async #loadText(path: string, importPath: string): Promise<void> {
    const full = resolve(path);
    if (this.#known.has(full)) return;
    this.#known.add(full);
    const text = await reading(path, () => readFile(path, "utf8"));
    const { readProtoText } = await import("./proto-text.js");
    const file: ProtoFile = { ...readingText(path, () => readProtoText(path, text)), path: importPath };
    this.#files.push(file);
    this.#folderOf.set(file, dirname(full));
  }

  async loadImports(): Promise<void> {
    // The list grows while it is walked, by what the imports import.
    for (const file of this.#files) {
      const own = this.#folderOf.get(file);
      if (own === undefined) continue;
      for (const path of file.imports) await this.#loadImport(path, [own, ...this.#folders]);
    }
  }

  async #loadImport(path: string, folders: readonly string[]): Promise<void> {
    if (this.#files.some((file) => file.path === path)) return;
    for (const folder of folders) {
      const candidate = join(folder, path);
      if (await exists(candidate)) return this.#loadText(candidate, path);
    }
  }

  /** What jars of Hadoop import from hadoop-common is at hand, so that one jar is enough. */
  async loadHadoopImports(): Promise<void> {
    const have = new Set(this.#files.map(({ path }) => path));
    const missing = new Set(this.#files.flatMap(({ imports }) => imports).filter((path) => !have.has(path)));
    const { HADOOP_COMMON_PROTOS } = await import("./hadoop-common-protos.js");
    const { readProtoText } = await import("./proto-text.js");
    for (const [path, text] of HADOOP_COMMON_PROTOS) {
      if (missing.has(path)) this.#files.push(readProtoText(path, text));
    }
  }

  source(): ProtoSource {
    return new ProtoSource(this.#files, this.#protocols);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await reading(path, () => stat(path))).isDirectory();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** What is no jar by its name is taken for a text: a fault says so, since it may be no text of this kind either. */
function readingText(path: string, read: () => ProtoFile): ProtoFile {
  try {
    return read();
  } catch (cause) {
    if (path.endsWith(".proto")) throw cause;
    const fault = RpcError.from(cause).message.slice(path.length);
    throw new RpcError("BAD_DEFINITION", `${path} is no jar, read as .proto${fault}`, { cause });
  }
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    throw new RpcError("BAD_DEFINITION", `${path} cannot be read: ${fault}`, { cause: error });
  }
}
