/** What is kept of one `.proto` file, however it came: as a text (proto-text.ts) or as a descriptor (proto-descriptor.ts). */
import { RpcError } from "../../rpc-error.js";
import type { EnumDeclaration, MessageDeclaration } from "./declaration.js";

/** A file's declarations. Names that begin with a dot are full names, others are looked up from where they stand. */
export interface ProtoFile {
  /** As other files import it, if it came with that name. */
  readonly path: string;
  readonly imports: readonly string[];
  readonly messages: readonly SourceMessage[];
  readonly enums: readonly EnumDeclaration[];
  readonly services: readonly SourceService[];
}

export interface SourceMessage extends MessageDeclaration {
  /** It is the type of a group, which the engine does not carry. */
  readonly group: boolean;
}

export interface SourceService {
  readonly name: string;
  /** `Class.getName()` of what protoc makes of it for Java. */
  readonly javaClass: string;
  readonly methods: readonly SourceMethod[];
}

export interface SourceMethod {
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly streams: boolean;
  readonly idempotent: boolean;
}

/** A file's options for Java. */
export interface JavaOptions {
  /** The Java package, else that of the file; "" for none. */
  readonly package: string;
  /** Name of the outer class, "" if the file gives none. */
  readonly outer: string;
  readonly multipleFiles: boolean;
}

/**
 * What stands in front of the names of a file's outermost messages in Java: `org.example.GreeterProtos$`. `names` are those of all
 * types in the file, which protoc avoids when it makes an outer class's name of the file's.
 */
export function javaPrefix(path: string, java: JavaOptions, names: ReadonlySet<string>): string {
  const dotted = java.package === "" ? "" : `${java.package}.`;
  if (java.multipleFiles) return dotted;
  if (java.outer !== "") return `${dotted}${java.outer}$`;
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.proto$/, "");
  const camel = base.replace(/(?:^|[^A-Za-z0-9])([A-Za-z0-9])?/g, (_all, first?: string) =>
    (first ?? "").toUpperCase(),
  );
  return `${dotted}${camel}${names.has(camel) ? "OuterClass" : ""}$`;
}

/** Runs a reader of a file and names the file in what it throws: BAD_DEFINITION. */
export function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RpcError("BAD_DEFINITION", `${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
