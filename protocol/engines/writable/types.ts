/**
 * TypeScript types of Java type names.
 *
 * ```
 *   boolean | byte short int float double | char              | long   | void
 *   boolean | number                      | string of length 1| bigint | void
 *
 *   java.lang.String -> string | null      demo.Color -> "RED" | "GREEN" | null      byte[] -> Uint8Array | null
 *   int[] -> number[] | null               Text -> string | null                     LongWritable -> bigint | null
 * ```
 * Java references may be null, so they may be here. `@Nonnull ` in front of a type promises that it never is: the type
 * has no null then, and a null is refused on the way out and on the way in. Arrays that callers pass and handlers return may
 * be readonly.
 */
import type { AnyProtocol, Direction, HandlersOf, MethodsOf, ProtocolDefinition, Shown } from "../../definition.js";
import type { WritableFields, WritableFunctions } from "./user-writables.js";
import type { JavaProtocolSignature } from "./writables.js";

/** One method: the Java types of its parameters and of its result, and how it may be repeated. */
export interface WritableMethodDeclaration {
  readonly parameters?: readonly string[];
  readonly returns: string;
  /** Running it twice is the same as running it once. */
  readonly idempotent?: boolean;
  /** Running it twice is not the same. Like `idempotent` it is recorded and told by reflection; nothing acts on it yet. */
  readonly atMostOnce?: boolean;
}

/** A Java interface, described by Java type names. */
export interface WritableDeclaration {
  /** Name on the wire: the interface's class name, or the name in its `@ProtocolInfo`. */
  readonly protocol: string;
  /** Java's `versionID`, a safe non-negative integer. */
  readonly version: number;
  readonly methods: { readonly [name: string]: WritableMethodDeclaration };
  /** Java enums by class name: their constants. */
  readonly enums?: { readonly [className: string]: readonly string[] };
  /** Writables by class name: see `user-writables.ts`. */
  // biome-ignore lint/suspicious/noExplicitAny: functions for whatever type of value
  readonly writables?: { readonly [className: string]: string | WritableFields | WritableFunctions<any> };
  /** Definitions of the interfaces that this one extends; their methods are sent under their names and versions. */
  readonly inherits?: readonly AnyProtocol[];
  /**
   * The Java interface extends VersionedProtocol (most do; default true). Its two methods are counted in the fingerprint
   * then, and the server answers them by itself. False for an interface with `@ProtocolInfo` alone.
   */
  readonly versionedProtocol?: boolean;
}

interface PrimitiveValues {
  boolean: boolean;
  byte: number;
  short: number;
  int: number;
  long: bigint;
  float: number;
  double: number;
  char: string;
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler of a void method may return nothing
  void: void;
}

interface ClassValues {
  "java.lang.String": string;
  "org.apache.hadoop.io.Text": string;
  "org.apache.hadoop.io.UTF8": string;
  "org.apache.hadoop.io.BytesWritable": Uint8Array;
  "org.apache.hadoop.io.BooleanWritable": boolean;
  "org.apache.hadoop.io.ByteWritable": number;
  "org.apache.hadoop.io.ShortWritable": number;
  "org.apache.hadoop.io.IntWritable": number;
  "org.apache.hadoop.io.LongWritable": bigint;
  "org.apache.hadoop.io.FloatWritable": number;
  "org.apache.hadoop.io.DoubleWritable": number;
  "org.apache.hadoop.io.VIntWritable": number;
  "org.apache.hadoop.io.VLongWritable": bigint;
  "org.apache.hadoop.io.NullWritable": null;
  "org.apache.hadoop.ipc.ProtocolSignature": JavaProtocolSignature;
}

interface JvmPrimitives {
  Z: "boolean";
  B: "byte";
  C: "char";
  S: "short";
  I: "int";
  J: "long";
  F: "float";
  D: "double";
}

/** What a definition declares besides its methods. */
type Tables = Pick<WritableDeclaration, "enums" | "writables">;

/** The value of a type where it cannot be null. */
type Present<T extends string, D extends Tables, W extends Direction> = string extends T
  ? unknown
  : T extends keyof PrimitiveValues
    ? PrimitiveValues[T]
    : T extends keyof ClassValues
      ? ClassValues[T]
      : T extends `${infer E}[]`
        ? ArrayValue<E, D, W>
        : T extends `[${infer E}`
          ? JvmArrayValue<E, D, W>
          : T extends `org.apache.hadoop.io.ArrayWritable<${infer E}>`
            ? ListOf<Present<E, D, W>, W>
            : T extends `org.apache.hadoop.io.ArrayPrimitiveWritable<${infer E}>`
              ? ArrayValue<E, D, W>
              : DeclaredValue<T, D, W>;

type ListOf<T, W extends Direction> = W extends "given" ? readonly T[] : T[];

type ArrayValue<E extends string, D extends Tables, W extends Direction> = E extends "byte"
  ? Uint8Array
  : ListOf<JavaValue<E, D, W>, W>;

type JvmArrayValue<E extends string, D extends Tables, W extends Direction> = E extends keyof JvmPrimitives
  ? ArrayValue<JvmPrimitives[E], D, W>
  : E extends `L${infer C};`
    ? ArrayValue<C, D, W>
    : ListOf<JavaValue<E, D, W>, W>;

type DeclaredValue<T extends string, D extends Tables, W extends Direction> = T extends keyof D["enums"]
  ? D["enums"][T] extends readonly (infer C)[]
    ? C
    : unknown
  : T extends keyof D["writables"]
    ? WritableValue<D["writables"][T], D, W>
    : unknown;

type WritableValue<C, D extends Tables, W extends Direction> = C extends string
  ? Present<C, D, W>
  : C extends { read(...args: never[]): infer V }
    ? V
    : C extends WritableFields
      ? { -readonly [F in keyof C]: Present<C[F], D, W> }
      : unknown;

/** The TypeScript type of a Java type name, with the enums and Writables of a definition; `W` is the way that the value goes. */
export type JavaValue<
  T extends string,
  D extends Tables = Tables,
  W extends Direction = "got",
> = T extends `@Nonnull ${infer R}`
  ? Present<R, D, W>
  : T extends keyof PrimitiveValues
    ? PrimitiveValues[T]
    : Present<T, D, W> | null;

type Arguments<P, D extends Tables, W extends Direction> = P extends readonly string[]
  ? { -readonly [I in keyof P]: JavaValue<P[I] & string, D, W> }
  : [];

type OwnMethods<D extends WritableDeclaration> = Shown<{
  -readonly [K in keyof D["methods"]]: (
    ...args: Arguments<D["methods"][K]["parameters"], D, "given">
  ) => JavaValue<D["methods"][K]["returns"], D, "got">;
}>;

type OwnHandlers<D extends WritableDeclaration> = Shown<{
  -readonly [K in keyof D["methods"]]: (
    ...args: Arguments<D["methods"][K]["parameters"], D, "got">
  ) => JavaValue<D["methods"][K]["returns"], D, "given">;
}>;

type InheritedMethods<D> = D extends { readonly inherits: readonly [infer First, ...infer Rest] }
  ? MethodsOf<First> & InheritedMethods<{ readonly inherits: Rest }>
  : unknown;

type InheritedHandlers<D> = D extends { readonly inherits: readonly [infer First, ...infer Rest] }
  ? HandlersOf<First> & InheritedHandlers<{ readonly inherits: Rest }>
  : unknown;

/** The definition that `writable` makes of a declaration. */
export type WritableProtocolOf<D extends WritableDeclaration> = ProtocolDefinition<
  OwnMethods<D> & InheritedMethods<D>,
  OwnHandlers<D> & InheritedHandlers<D>
>;
