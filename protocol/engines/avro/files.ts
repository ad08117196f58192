/** Declarations out of files: `.avpr` (JSON) and `.avdl` (Avro IDL, with its imports). */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import avsc from "avsc";
import { RpcError } from "../../rpc-error.js";

/**
 * Reads the declaration in a file, at once, as `import` would. Throws BAD_DEFINITION naming the file.
 *
 * In IDL, annotations give what JSON gives by attributes: `@version(2) protocol Greeter { @idempotent(true) string hello(string name); }`.
 */
export function readDeclarationFile(file: string | URL): Record<string, unknown> {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  try {
    const declaration: unknown = path.endsWith(".avdl") ? readIdl(path) : JSON.parse(readFileSync(path, "utf8"));
    if (typeof declaration !== "object" || declaration === null || Array.isArray(declaration)) {
      throw new TypeError("it holds no protocol");
    }
    return { ...declaration };
  } catch (error) {
    throw new RpcError("BAD_DEFINITION", `${path} cannot be read as an Avro protocol: ${textOf(error)}`, {
      cause: error,
    });
  }
}

/** avsc reads IDL by callback; as the files are read at once, it calls back before it returns. */
function readIdl(path: string): unknown {
  const seen = new Set<string>();
  let failure: unknown = new Error("it ends too early");
  let protocol: unknown;
  const options = {
    // Without this avsc makes every message one-way that returns void.
    ackVoidMessages: true,
    importHook: (file: string, _kind: string, done: (error: Error | null, text?: string) => void) => {
      const full = resolve(file);
      if (seen.has(full)) return done(null);
      seen.add(full);
      let text: string;
      try {
        text = readFileSync(full, "utf8");
      } catch (error) {
        return done(error as Error);
      }
      done(null, text);
    },
  };
  avsc.assembleProtocol(path, options as object, (error: unknown, assembled?: object) => {
    failure = error;
    protocol = assembled;
  });
  if (failure !== null && failure !== undefined) throw failure;
  const { messages } = protocol as { messages?: Record<string, Record<string, unknown>> };
  for (const message of Object.values(messages ?? {})) hoistAnnotations(message);
  return protocol;
}

/** avsc takes an annotation in front of a message for one of its response type; these two are always the message's. */
function hoistAnnotations(message: Record<string, unknown>): void {
  const { response } = message;
  if (typeof response !== "object" || response === null) return;
  for (const name of ["idempotent", "atMostOnce"]) {
    if (Object.hasOwn(response, name)) message[name] = (response as Record<string, unknown>)[name];
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { path, lineNum } = error as Error & { path?: string; lineNum?: number };
  const line = lineNum === undefined ? "" : ` (line ${lineNum})`;
  return path === undefined || error.message.includes(path)
    ? `${error.message}${line}`
    : `${path}: ${error.message}${line}`;
}
