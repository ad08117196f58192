/** JSON for values of Java types; see `json-codec.ts` for the rules. char is a string, an enum the name of its constant. */
import type { AnyProtocol } from "../../definition.js";
import type { JsonCodec } from "../../json-codec.js";
import { RpcError } from "../../rpc-error.js";
import { asWritable, badArgument, wrongCount } from "./client-session.js";
import { typeName } from "./definition.js";

/** The command line's view of Writable protocols. */
export const writableJson: JsonCodec = {
  argumentsFromJson(protocol, method, args, bytes = "base64") {
    const { parameters } = asWritable(protocol, method);
    if (args.length !== parameters.length) throw wrongCount(protocol, method, parameters, args.length);
    return parameters.map((type, i) => {
      const json = args[i];
      try {
        return json === null ? null : type.fromJson(json, bytes);
      } catch (error) {
        throw badArgument(protocol, method, i, type, error);
      }
    });
  },

  resultToJson(protocol, method, value) {
    const { returns } = asWritable(protocol, method);
    if (value === null || value === undefined) return null;
    try {
      return returns.toJson(value);
    } catch (error) {
      throw new RpcError("BAD_RESULT", `${protocol.name}.${method.name}: ${RpcError.from(error).message}`, {
        cause: error,
      });
    }
  },

  signatureText(protocol, method) {
    const { parameters, returns } = asWritable(protocol, method);
    return `${typeName(returns)} ${method.name}(${parameters.map(typeName).join(", ")})`;
  },

  typeTexts(protocol, method) {
    const texts = declaredTexts(protocol);
    if (method === undefined) return [...texts.values()];
    const reached = new Set<string>();
    const reach = (text: string): void => {
      for (const [name, declaration] of texts) {
        if (reached.has(name) || !text.split(NO_NAME).includes(name)) continue;
        reached.add(name);
        reach(declaration);
      }
    };
    reach(writableJson.signatureText(protocol, method));
    return [...texts].filter(([name]) => reached.has(name)).map(([, text]) => text);
  },
};

/** What a definition's declaration holds of types, checked when the definition was made. */
interface DeclaredTypes {
  readonly enums?: Readonly<Record<string, readonly string[]>>;
  /** The name of another Writable, or fields; or a mark for one that functions read and write. */
  readonly writables?: Readonly<Record<string, unknown>>;
}

/** What cannot be part of a Java class's name. */
const NO_NAME = /[^\w.$]+/;

/** The declared types by name. */
function declaredTexts(protocol: AnyProtocol): Map<string, string> {
  const texts = new Map((protocol.inherits ?? []).flatMap((base) => [...declaredTexts(base)]));
  const { enums = {}, writables = {} } = protocol.declaration as DeclaredTypes;
  for (const [name, constants] of Object.entries(enums)) texts.set(name, `enum ${name} { ${constants.join(", ")} }`);
  for (const [name, declared] of Object.entries(writables)) texts.set(name, writableText(name, declared));
  return texts;
}

function writableText(name: string, declared: unknown): string {
  if (typeof declared === "string") return `class ${name} extends ${declared}`;
  const fields = Object.entries(declared as object).map(([field, type]) => `${type} ${field}`);
  return `class ${name} { ${fields.join("; ")} }`;
}
