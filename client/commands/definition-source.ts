/**
 * Contract: where hrpc has the definition of a protocol from. `definition-sources/` holds one file each: the server's
 * reflection, which servers of ours have, and files that the person names with --proto.
 */
import { nearestName } from "../../conf/nearest-key.js";
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

/** So many names are listed, if none of them is near to one that there is not. */
const LISTED_NAMES_MAX = 20;

/**
 * The one of some names that somebody may have meant by a name, or by the last part of it; undefined if none is near. A name whose
 * last part is right is nearer than any other.
 */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const lastParts = known.map(lastPart);
  const alike = known[lastParts.indexOf(lastPart(name))];
  if (alike !== undefined) return alike;
  const compared = name.includes(".") ? known : lastParts;
  const nearest = nearestName(name, compared);
  return nearest === undefined ? undefined : known[compared.indexOf(nearest)];
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * What to say behind "there is no X": the name that may be meant, or those that there are behind `verb`; `command` is the one that
 * lists them if they are many.
 */
export function didYouMean(name: string, known: readonly string[], verb: string, command: string): string {
  const nearest = nearestOf(name, known);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  if (known.length > LISTED_NAMES_MAX) return `${verb} ${known.length}, which ${command} shows`;
  return `${verb}: ${known.join(", ") || "none"}`;
}

/**
 * The method of a protocol. Throws BAD_ARGUMENT if the person's own files say that there is none, and ERROR_NO_SUCH_METHOD if the
 * server does; the message names the one that may be meant.
 */
export function findMethod({ protoPaths }: CommandContext, definition: AnyProtocol, name: string): MethodDefinition {
  const method = definition.methods.get(name);
  if (method !== undefined) return method;
  const meant = didYouMean(name, [...definition.methods.keys()], "it has", "hrpc describe");
  throw new RpcError(
    protoPaths.length > 0 ? "BAD_ARGUMENT" : "ERROR_NO_SUCH_METHOD",
    `${definition.name}@${definition.version} has no method ${name}; ${meant}`,
  );
}
