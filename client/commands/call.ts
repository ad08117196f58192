/** `hrpc call ADDR PROTOCOL[@VERSION] METHOD [JSON]...`: one call; the result as JSON. */
import type { MethodDefinition } from "../../protocol/definition.js";
import type { BytesText } from "../../protocol/json-codec.js";
import { RpcError } from "../../protocol/rpc-error.js";
import { jsonFault, parseJson, printJson } from "../terminal/json-text.js";
import type { CallTarget, CommandContext } from "./command.js";
import { definitionSource, type FoundProtocol, findMethod } from "./definition-source.js";
import { ask } from "./reflect.js";

/** A call that can be made again and again. */
export interface PreparedCall {
  /** Makes the call. The result is as `resultToJson` gives it; that of a one-way method comes when the call has left this process. */
  run(): Promise<unknown>;
  /**
   * Waits until the server has begun every one-way call: it drops those that still wait when their client goes. It answers
   * calls in the order in which it takes them, so an answer to a later one will do. Does nothing for other methods.
   */
  settle(): Promise<void>;
}

type Methods = Readonly<Record<string, ((...args: unknown[]) => Promise<unknown>) | undefined>>;

/**
 * Learns a method from the server or from files and reads its arguments. Throws BAD_ARGUMENT for arguments that do not fit, and for
 * a name that the files do not have; ERROR_NO_SUCH_PROTOCOL and ERROR_NO_SUCH_METHOD for one that the server does not have.
 */
export async function prepareCall(context: CommandContext, target: CallTarget): Promise<PreparedCall> {
  const values = target.args.map(readArgument);
  const source = await definitionSource(context);
  const [define] = await source.find(target);
  const found = define();
  const { definition, json } = found;
  const method = findMethod(context, definition, target.method);
  const args = readArguments(found, method, values, context.jsonForm.bytes);
  const call = (context.client.getProxy(definition, context.address) as Methods)[method.name];
  if (call === undefined) {
    throw new RpcError("BAD_DEFINITION", `a proxy cannot have a method called ${method.name}`);
  }
  const options = context.timeoutMs === undefined ? {} : { timeoutMs: context.timeoutMs };
  return {
    run: async () => json.resultToJson(definition, method, await call(...args, options)),
    settle: async () => {
      if (method.oneWay) await ask(context, (reflection, pingOptions) => reflection.ping(pingOptions));
    },
  };
}

/** Makes the call; gives its result as text. Rejects as `prepareCall` does, and as the call fails. */
export async function call(context: CommandContext, target: CallTarget): Promise<string> {
  const { run, settle } = await prepareCall(context, target);
  const result = await run();
  await settle();
  return printJson(result, context.jsonForm, 2);
}

function readArgument(text: string, index: number): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new RpcError("BAD_ARGUMENT", `argument ${index + 1} ${jsonFault(text, cause)}`, { cause });
  }
}

function readArguments(
  { definition, json }: FoundProtocol,
  method: MethodDefinition,
  values: unknown[],
  bytes: BytesText,
): unknown[] {
  try {
    return json.argumentsFromJson(definition, method, values, bytes);
  } catch (cause) {
    const declared = json.signatureText(definition, method);
    throw new RpcError("BAD_ARGUMENT", `${RpcError.from(cause).message}; it is declared: ${declared}`, { cause });
  }
}
