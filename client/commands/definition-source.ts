/**
 * Contract: where hrpc has the definition of a protocol from. `definition-sources/` holds one file each: the server's
 * reflection, which servers of ours have, and files that the person names with --proto.
 */
import type { AnyProtocol, MethodDefinition } from "../../protocol/definition.js";
import type { JsonCodec } from "../../protocol/json-codec.js";
import { RpcError } from "../../protocol/rpc-error.js";
import type { CommandContext, ProtocolTarget } from "./command.js";

/** A protocol that this program did not know. */
export interface FoundProtocol {
  readonly definition: AnyProtocol;
  readonly json: JsonCodec;
}

/** Where definitions come from. */
export interface DefinitionSource {
  /**
   * The protocols of a name, the highest version first. Each is made when it is asked for: what is wrong with one does not
   * keep the others from being used. Rejects with an error that names what there is.
   */
  find(target: ProtocolTarget): Promise<readonly [() => FoundProtocol, ...(() => FoundProtocol)[]]>;
}

/** The source that a command is to use. */
export async function definitionSource(context: CommandContext): Promise<DefinitionSource> {
  if (context.protoPaths.length === 0) {
    const { ReflectionSource } = await import("./definition-sources/reflection.js");
    return new ReflectionSource(context);
  }
  const { FileSource } = await import("./definition-sources/files.js");
  return FileSource.load(context.protoPaths);
}

/** The method of a protocol. Throws ERROR_NO_SUCH_METHOD, naming those there are. */
export function findMethod(definition: AnyProtocol, name: string): MethodDefinition {
  const method = definition.methods.get(name);
  if (method !== undefined) return method;
  const methods = [...definition.methods.keys()].join(", ");
  throw new RpcError(
    "ERROR_NO_SUCH_METHOD",
    `${definition.name}@${definition.version} has no method ${name}; it has: ${methods || "none"}`,
  );
}
