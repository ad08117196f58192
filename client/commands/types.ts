/** `hrpc types [PROTOCOL] --proto PATH...`: a TypeScript module with a protocol and the types of its methods. */
import { typesModule } from "../../protocol/engines/protobuf.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { table } from "../terminal/table.js";
import type { ProtocolTarget } from "./command.js";
import { FileSource } from "./definition-sources/files.js";

/** The text of the module. Rejects with BAD_ARGUMENT for a protocol that the files do not tell of, BAD_DEFINITION for bad files. */
export async function types(protoPaths: readonly string[], target: ProtocolTarget): Promise<string> {
  const source = await FileSource.load(protoPaths);
  const [define] = await source.find(target);
  return typesModule(define().definition).trimEnd();
}

/** What the files hold of which a module can be made. */
export async function listTypes(protoPaths: readonly string[], json: boolean): Promise<string> {
  const held = (await FileSource.load(protoPaths)).held();
  if (held.length === 0) {
    throw new RpcError("BAD_DEFINITION", `${protoPaths.join(", ")}: there is no protobuf service or protocol in it`);
  }
  if (json) return JSON.stringify(held, null, 2);
  return table(held.map(({ protocol = "-", version = "-", service = "-" }) => ({ protocol, version, service })));
}
