/** `hrpc list ADDR`: protocols, versions and engines. */
import type { CommandContext } from "../command.js";
import { callOptions, reflectionOf } from "../remote-protocol.js";
import { table } from "../table.js";

export async function list(context: CommandContext): Promise<string> {
  const served = await reflectionOf(context).list(callOptions(context));
  const rows = served.map(({ name, version, engine }) => ({ protocol: name, version: Number(version), engine }));
  return context.json ? JSON.stringify(rows, null, 2) : table(rows);
}
