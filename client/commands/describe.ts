/** `hrpc describe ADDR PROTOCOL[@VERSION]`: methods, types and method hashes. */
import type { CommandContext } from "../command.js";
import { findProtocols } from "../remote-protocol.js";

export async function describe(context: CommandContext, protocol: string): Promise<string> {
  const found = await findProtocols(context, protocol);
  const described = found.map(({ definition, json }) => ({
    protocol: definition.name,
    version: definition.version,
    engine: definition.engine.name,
    fingerprint: hex(definition.signature.fingerprint),
    methods: [...definition.methods.values()].map((method) => ({
      method: json.signatureText(definition, method),
      hash: hex(method.hash),
    })),
  }));
  if (context.json) return JSON.stringify(described, null, 2);
  return described
    .map(({ protocol: name, version, engine, fingerprint, methods }) =>
      [
        `${name}@${version} (${engine}), fingerprint ${fingerprint}`,
        ...methods.map(({ method, hash }) => `  ${hash}  ${method}`),
      ].join("\n"),
    )
    .join("\n\n");
}

/** A signed 32-bit hash as eight digits, the way Hadoop's specification writes it. */
function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0");
}
