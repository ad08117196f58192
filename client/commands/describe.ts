/** `hrpc describe ADDR PROTOCOL[@VERSION]`: methods, types and method hashes. */
import type { CommandContext, ProtocolTarget } from "../command.js";
import { findProtocols } from "../remote-protocol.js";

export async function describe(context: CommandContext, target: ProtocolTarget): Promise<string> {
  const found = await findProtocols(context, target);
  const described = found.map(({ definition, json }) => ({
    protocol: definition.name,
    version: definition.version,
    engine: definition.engine.name,
    fingerprint: hex(definition.signature.fingerprint),
    methods: [...definition.methods.values()].map((method) => ({
      method: json.signatureText(definition, method),
      hash: hex(method.hash),
    })),
    types: json.typeTexts(definition),
  }));
  if (context.json) return JSON.stringify(described, null, 2);
  return described
    .map(({ protocol, version, engine, fingerprint, methods, types }) =>
      [
        `${protocol}@${version} (${engine}), fingerprint ${fingerprint}`,
        ...methods.map(({ method, hash }) => `  ${hash}  ${method}`),
        ...types.map((type) => `${" ".repeat(12)}${type}`),
      ].join("\n"),
    )
    .join("\n\n");
}

/** A signed 32-bit hash as eight digits, the way Hadoop's specification writes it. */
function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0");
}
