import { RpcError } from "../../rpc-error.js";
import { encodeNull, type JavaType, misfit } from "./java-type.js";
import { encodeUtf8String, readUtf8String } from "./utf8.js";

/**
 * The type of a Java enum with these constants; its values are their names.
 *
 * ```
 *   | UTF8 class | UTF8 constant |
 * ```
 */
export function enumOf(className: string, constants: readonly string[]): JavaType {
  const encoded = new Map(constants.map((constant) => [constant, encodeUtf8String(constant)]));
  const expected = `one of ${constants.join(", ")}, or null`;
  return {
    className,
    label: className,
    kind: "enum",
    head: encodeUtf8String(className),
    nullBytes: encodeNull(className),
    minBytes: 2,
    compact: undefined,
    superclasses: [],
    writeValue(value, out) {
      const bytes = typeof value === "string" ? encoded.get(value) : undefined;
      if (bytes === undefined) throw misfit(expected, value);
      out.writeBytes(bytes);
    },
    readValue(reader) {
      const constant = readUtf8String(reader);
      if (encoded.has(constant)) return constant;
      throw new RpcError("BAD_BYTES", `No enum constant ${className.replaceAll("$", ".")}.${constant}`);
    },
    skipValue(reader, state) {
      this.readValue(reader, state);
    },
    toJson: (value) => value,
    fromJson: (json) => json,
  };
}
