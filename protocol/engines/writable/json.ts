/** JSON for values of Java types; see `json-codec.ts` for the rules. char is a string, an enum the name of its constant. */
import type { JsonCodec } from "../../json-codec.js";
import { RpcError } from "../../rpc-error.js";
import { asWritable, badArgument, wrongCount } from "./client-session.js";
import { typeName } from "./definition.js";

/** The command line's view of Writable protocols. */
export const writableJson: JsonCodec = {
  argumentsFromJson(protocol, method, args) {
    const { parameters } = asWritable(protocol, method);
    if (args.length !== parameters.length) throw wrongCount(protocol, method, parameters, args.length);
    return parameters.map((type, i) => {
      const json = args[i];
      try {
        return json === null ? null : type.fromJson(json);
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
};
