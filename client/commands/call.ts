/** `hrpc call ADDR PROTOCOL[@VERSION] METHOD [JSON]...`: one call; the result as JSON. */
import { RpcError } from "../../protocol/rpc-error.js";
import type { CallTarget, CommandContext } from "../command.js";
import { callOptions, findMethod, findProtocols } from "../remote-protocol.js";

/** A function that makes the call again and again; its result is the method's, as JSON values. */
export async function prepareCall(context: CommandContext, target: CallTarget): Promise<() => Promise<unknown>> {
  const values = target.args.map(parseArgument);
  const [found] = await findProtocols(context, target.protocol);
  if (found === undefined) throw new RpcError("ERROR_NO_SUCH_PROTOCOL", `${target.protocol} is not served`);
  const { definition, json } = found;
  const method = findMethod(definition, target.method);
  if (values.length !== method.arity) {
    const text = json.signatureText(definition, method);
    throw new RpcError("BAD_ARGUMENT", `${text} takes ${method.arity} arguments, got ${values.length}`);
  }
  const args = json.argumentsFromJson(definition, method, values);
  const proxy = context.client.getProxy(definition, context.address) as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  const options = callOptions(context);
  return async () => json.resultToJson(definition, method, await proxy[method.name]?.(...args, options));
}

export async function call(context: CommandContext, target: CallTarget): Promise<string> {
  const run = await prepareCall(context, target);
  const result = await run();
  return JSON.stringify(result ?? null, null, 2);
}

function parseArgument(text: string, index: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const hint = `write it as JSON, for example '${JSON.stringify(text)}' for a string`;
    throw new RpcError("BAD_ARGUMENT", `argument ${index + 1} is not JSON: ${text}: ${hint}`, { cause });
  }
}
