/**
 * The protocols of `src/main/java` in TypeScript, and services for them. The Java interface is the original: a test holds
 * the fingerprints against each other.
 */
import { type Implementation, implement, RpcError, type Service } from "../../daemon/index.js";
import { writable } from "../../protocol/index.js";

const IO = "org.apache.hadoop.io";

export const BaseProtocol = writable({
  protocol: "hrpcd.interop.BaseProtocol",
  version: 7,
  methods: { fromBase: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});

export const Everything = writable({
  protocol: "hrpcd.interop.Everything",
  version: 3,
  inherits: [BaseProtocol],
  enums: { "hrpcd.interop.Color": ["RED", "GREEN", "BLUE"] },
  writables: {
    "hrpcd.interop.Unwritable": {
      read: (): unknown => null,
      write: () => {
        throw new Error("cannot be written");
      },
    },
    "hrpcd.interop.LongArrayWritable": "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.LongWritable>",
    "hrpcd.interop.TextArrayWritable": "org.apache.hadoop.io.ArrayWritable<org.apache.hadoop.io.Text>",
  },
  methods: {
    echoBoolean: { parameters: ["boolean"], returns: "boolean" },
    echoByte: { parameters: ["byte"], returns: "byte" },
    echoChar: { parameters: ["char"], returns: "char" },
    echoShort: { parameters: ["short"], returns: "short" },
    echoInt: { parameters: ["int"], returns: "int" },
    echoLong: { parameters: ["long"], returns: "long" },
    echoFloat: { parameters: ["float"], returns: "float" },
    echoDouble: { parameters: ["double"], returns: "double" },
    echoString: { parameters: ["java.lang.String"], returns: "java.lang.String" },
    echoColor: { parameters: ["hrpcd.interop.Color"], returns: "hrpcd.interop.Color" },
    echoBooleans: { parameters: ["boolean[]"], returns: "boolean[]" },
    echoBytes: { parameters: ["byte[]"], returns: "byte[]" },
    echoChars: { parameters: ["char[]"], returns: "char[]" },
    echoShorts: { parameters: ["short[]"], returns: "short[]" },
    echoInts: { parameters: ["int[]"], returns: "int[]" },
    echoLongs: { parameters: ["long[]"], returns: "long[]" },
    echoFloats: { parameters: ["float[]"], returns: "float[]" },
    echoDoubles: { parameters: ["double[]"], returns: "double[]" },
    echoStrings: { parameters: ["java.lang.String[]"], returns: "java.lang.String[]" },
    echoColors: { parameters: ["hrpcd.interop.Color[]"], returns: "hrpcd.interop.Color[]" },
    echoIntTable: { parameters: ["int[][]"], returns: "int[][]" },
    echoByteTable: { parameters: ["byte[][]"], returns: "byte[][]" },
    echoStringTable: { parameters: ["java.lang.String[][]"], returns: "java.lang.String[][]" },
    echoLongCube: { parameters: ["long[][][]"], returns: "long[][][]" },
    echoText: { parameters: [`${IO}.Text`], returns: `${IO}.Text` },
    echoIntWritable: { parameters: [`${IO}.IntWritable`], returns: `${IO}.IntWritable` },
    echoLongWritable: { parameters: [`${IO}.LongWritable`], returns: `${IO}.LongWritable` },
    echoBooleanWritable: { parameters: [`${IO}.BooleanWritable`], returns: `${IO}.BooleanWritable` },
    echoBytesWritable: { parameters: [`${IO}.BytesWritable`], returns: `${IO}.BytesWritable` },
    echoNullWritable: { parameters: [`${IO}.NullWritable`], returns: `${IO}.NullWritable` },
    echoLongArrayWritable: {
      parameters: ["hrpcd.interop.LongArrayWritable"],
      returns: "hrpcd.interop.LongArrayWritable",
    },
    echoTextArrayWritable: {
      parameters: ["hrpcd.interop.TextArrayWritable"],
      returns: "hrpcd.interop.TextArrayWritable",
    },
    echoTexts: { parameters: [`${IO}.Text[]`], returns: `${IO}.Text[]` },
    mixed: {
      parameters: [
        "boolean",
        "byte",
        "char",
        "short",
        "int",
        "long",
        "java.lang.String",
        "hrpcd.interop.Color",
        "int[]",
        "java.lang.String[]",
        `${IO}.Text`,
      ],
      returns: "java.lang.String",
    },
    noArguments: { returns: "int" },
    nothing: { returns: "void" },
    swallow: { parameters: ["java.lang.String"], returns: "void" },
    slow: { parameters: ["long", "java.lang.String"], returns: "java.lang.String" },
    failWithIOException: { parameters: ["java.lang.String"], returns: "void" },
    failWithFileNotFound: { parameters: ["java.lang.String"], returns: "java.lang.String" },
    failWithCustom: { parameters: ["java.lang.String"], returns: "int[]" },
    failWithRuntime: { parameters: ["java.lang.String"], returns: "void" },
    failWithRpcServerException: { parameters: ["java.lang.String"], returns: "void" },
    failWithoutMessage: { returns: "void" },
    failWhileWriting: { returns: "hrpcd.interop.Unwritable" },
    whoAmI: { returns: "java.lang.String" },
  },
});

export const VersionedV1 = writable({
  protocol: "hrpcd.interop.Versioned",
  version: 1,
  methods: { first: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});

export const Versioned = writable({
  protocol: "hrpcd.interop.Versioned",
  version: 2,
  methods: {
    first: { parameters: ["java.lang.String"], returns: "java.lang.String" },
    second: { parameters: ["int", "int"], returns: "int" },
  },
});

function echo<T>(value: T): T {
  return value;
}

function fail(javaClass: string, message: string | null): never {
  throw new RpcError("ERROR_APPLICATION", message ?? "null", { javaClass });
}

const ECHOES = {
  echoBoolean: echo<boolean>,
  echoByte: echo<number>,
  echoChar: echo<string>,
  echoShort: echo<number>,
  echoInt: echo<number>,
  echoLong: echo<bigint>,
  echoFloat: echo<number>,
  echoDouble: echo<number>,
  echoString: echo<string | null>,
  echoColor: echo<"RED" | "GREEN" | "BLUE" | null>,
  echoBooleans: echo<boolean[] | null>,
  echoBytes: echo<Uint8Array | null>,
  echoChars: echo<string[] | null>,
  echoShorts: echo<number[] | null>,
  echoInts: echo<number[] | null>,
  echoLongs: echo<bigint[] | null>,
  echoFloats: echo<number[] | null>,
  echoDoubles: echo<number[] | null>,
  echoStrings: echo<(string | null)[] | null>,
  echoColors: echo<("RED" | "GREEN" | "BLUE" | null)[] | null>,
  echoIntTable: echo<(number[] | null)[] | null>,
  echoByteTable: echo<(Uint8Array | null)[] | null>,
  echoStringTable: echo<((string | null)[] | null)[] | null>,
  echoLongCube: echo<((bigint[] | null)[] | null)[] | null>,
  echoText: echo<string | null>,
  echoIntWritable: echo<number | null>,
  echoLongWritable: echo<bigint | null>,
  echoBooleanWritable: echo<boolean | null>,
  echoBytesWritable: echo<Uint8Array | null>,
  echoNullWritable: echo<null>,
  echoLongArrayWritable: echo<bigint[] | null>,
  echoTextArrayWritable: echo<string[] | null>,
  echoTexts: echo<(string | null)[] | null>,
};

const everything: Implementation<typeof Everything> = {
  ...ECHOES,
  fromBase: (text) => `base:${text}`,
  mixed: (a, b, c, d, e, f, g, h, i, j, k) =>
    [a, b, c.charCodeAt(0), d, e, f, g, h, (i ?? []).join(" "), (j ?? []).join(" "), k].map(String).join(","),
  noArguments: () => 42,
  nothing: () => {},
  swallow: () => {},
  slow: (millis, text) =>
    new Promise((resolve) => {
      setTimeout(() => resolve(text), Number(millis));
    }),
  failWithIOException: (message) => fail("java.io.IOException", message),
  failWithFileNotFound: (message) => fail("java.io.FileNotFoundException", message),
  failWithCustom: (message) => fail("hrpcd.interop.InteropException", message),
  // What Hadoop's engine makes of an unchecked exception.
  failWithRuntime: (message) => fail("java.io.IOException", `java.lang.IllegalStateException: ${message}`),
  failWithRpcServerException: (message) => {
    throw new RpcError("ERROR_RPC_SERVER", `${message}`);
  },
  failWithoutMessage: () => fail("java.io.IOException", ""),
  failWhileWriting: () => "anything",
  whoAmI: (call) => call.user?.name ?? null,
};

/** Everything that ServerMain serves, except the tutorial's protocol, which the daemon brings along. */
export const SERVICES: readonly Service[] = [
  implement(Everything, everything),
  implement(BaseProtocol, { fromBase: (text) => `base:${text}` }),
  implement(Versioned, { first: (text) => `v2:${text}`, second: (a, b) => a + b }),
  implement(VersionedV1, { first: (text) => `v1:${text}` }),
];
