/** `hrpc list ADDR`: protocols, versions and engines. */
import type { CommandContext } from "../command.js";
import { ask } from "../reflect.js";
import { table } from "../terminal/table.js";

export async function list(context: CommandContext): Promise<string> {
  const served = await ask(context, (reflection, options) => reflection.list(options));
  const rows = served.map(({ name, version, engine }) => ({ protocol: name, version: Number(version), engine }));
  return context.json ? JSON.stringify(rows, null, 2) : table(rows);
}
