/**
 * What TypeScript makes of an Avro declaration: the types of arguments and results, inferred from the literal.
 *
 * ```
 *   null      as a response: void, else null          record, error   { field: ... }
 *   boolean   boolean                                 enum            "A" | "B"
 *   int       number, a whole one of 32 bits          array           T[] (readonly T[] where it is given)
 *   long      bigint                                  map             Record<string, T>
 *   float     number                                  union           A | B, or wrapped (see below)
 *   double    number                                  timestamp-millis, date   Date (date: at 00:00 UTC)
 *   string    string                                  decimal         string of digits: "-12.50"
 *   bytes, fixed   Uint8Array                         other logical types   what they are made of
 * ```
 * A union is wrapped when two of its branches cannot be told apart by looking at a value: two records, a record and a map, a
 * string and an enum, `int` and `double`. Then a value stands in an object whose one key is the branch's name without its
 * namespace: `{ Circle: { radius: 1 } }`, `{ int: 1 }`. null is never wrapped.
 *
 * What has a default may be left out, or be undefined, where it is given: an argument by its caller, a field by whoever sends the
 * record. Whoever gets it gets it filled.
 *
 * Named types are found if they are declared in `types`; namespaces are not looked at. Where the declaration is not known to
 * the compiler (read from a file, or not a literal), arguments and results are `unknown`.
 */
import type { Direction, Shown } from "../../definition.js";

/** A type: a name, a union, or an object with `type`. */
export type AvroSchema = string | readonly AvroSchema[] | AvroSchemaObject;

/** A type that says more than its name: a named type, an array, a map, or a type with a logical type. */
export interface AvroSchemaObject {
  readonly type: AvroSchema;
  readonly name?: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly aliases?: readonly string[];
  readonly fields?: readonly AvroField[];
  readonly symbols?: readonly string[];
  /** The symbol that stands for unknown ones (enum). */
  readonly default?: unknown;
  readonly items?: AvroSchema;
  readonly values?: AvroSchema;
  /** Bytes (fixed). */
  readonly size?: number;
  readonly logicalType?: string;
  /** Digits of a decimal, 1 to 1000. */
  readonly precision?: number;
  /** Digits of a decimal behind the point, 0 to `precision`. */
  readonly scale?: number;
}

/** A field of a record, or an argument of a message. */
export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  /** Taken where the value is undefined, or where the other side does not have the field. Of a union: its first branch. */
  readonly default?: unknown;
  readonly doc?: string;
  readonly aliases?: readonly string[];
}

/** A method: its arguments, its result, the errors it declares, and how it may be repeated. */
export interface AvroMessage {
  readonly request: readonly AvroField[];
  readonly response: AvroSchema;
  /** Declared errors: names of, or, `{ type: "error", ... }`. Their fields travel as `RpcError.data`. */
  readonly errors?: readonly AvroSchema[];
  /** The caller does not wait, and no answer is ever sent; the response is "null". */
  readonly "one-way"?: boolean;
  /** Running the method twice is the same as running it once. */
  readonly idempotent?: boolean;
  /** Running it twice is not the same. Like `idempotent` it is recorded and told by reflection; nothing acts on it yet. */
  readonly atMostOnce?: boolean;
  readonly doc?: string;
}

/** An Avro protocol declaration (Avro specification, "Protocol Declaration") with hrpcd's own attributes. */
export interface AvroDeclaration {
  /** The name; with a dot in it, the full name. */
  readonly protocol: string;
  readonly namespace?: string;
  /** A safe whole number from 0. */
  readonly version: number;
  readonly doc?: string;
  /** Named types, each before it is used. */
  readonly types?: readonly AvroSchemaObject[];
  readonly messages: { readonly [name: string]: AvroMessage };
}

/** The methods of a declaration as callers see them: functions of their declared arguments. */
export type MethodsOfDeclaration<D extends AvroDeclaration> = Shown<{
  [Name in keyof D["messages"] & string]: MethodOf<D["messages"][Name], NamedTypes<D>>;
}>;

/** The methods of a declaration as handlers see them. */
export type HandlersOfDeclaration<D extends AvroDeclaration> = Shown<{
  [Name in keyof D["messages"] & string]: HandlerOf<D["messages"][Name], NamedTypes<D>>;
}>;

type NamedTypes<D> = D extends { readonly types: infer T extends readonly AvroSchemaObject[] }
  ? { [S in T[number] as S extends { readonly name: infer N extends string } ? LastName<N> : never]: S }
  : Record<never, never>;

type MethodOf<Message, N> =
  Message extends MessageOf<infer R, infer S>
    ? (...args: GivenArguments<R, N>) => S extends "null" ? void : ValueOf<S, N, "got">
    : never;

type HandlerOf<Message, N> =
  Message extends MessageOf<infer R, infer S>
    ? (...args: GotArguments<R, N>) => S extends "null" ? void : ValueOf<S, N, "given">
    : never;

interface MessageOf<R extends readonly AvroField[], S> {
  readonly request: R;
  readonly response: S;
}

type GivenArguments<R extends readonly AvroField[], N> = {
  -readonly [I in keyof R]: ValueOf<R[I]["type"], N, "given"> | (R[I] extends WithDefault ? undefined : never);
};

type GotArguments<R extends readonly AvroField[], N> = {
  -readonly [I in keyof R]: ValueOf<R[I]["type"], N, "got">;
};

interface WithDefault {
  readonly default: unknown;
}

interface PrimitiveValues {
  null: null;
  boolean: boolean;
  int: number;
  long: bigint;
  float: number;
  double: number;
  bytes: Uint8Array;
  string: string;
}

/** The TypeScript type of a schema's values; `N` holds the named types by name, `W` is the way that the value goes. */
export type ValueOf<S, N = Record<never, never>, W extends Direction = "got"> = [AvroSchema] extends [S]
  ? unknown
  : KnownValue<S, N, W>;

type KnownValue<S, N, W extends Direction> = S extends keyof PrimitiveValues
  ? PrimitiveValues[S]
  : S extends string
    ? LastName<S> extends keyof N
      ? ValueOf<N[LastName<S>], N, W>
      : unknown
    : S extends readonly unknown[]
      ? true extends IsWrapped<S, N>
        ? Wrapped<S[number], N, W>
        : ValueOf<S[number], N, W>
      : ObjectValue<S, N, W>;

type ObjectValue<S, N, W extends Direction> = S extends { readonly logicalType: "timestamp-millis" | "date" }
  ? Date
  : S extends { readonly logicalType: "decimal" }
    ? string
    : S extends { readonly type: "record" | "error"; readonly fields: infer F extends readonly AvroField[] }
      ? RecordValue<F[number], N, W>
      : S extends { readonly type: "enum"; readonly symbols: infer Y extends readonly string[] }
        ? Y[number]
        : S extends { readonly type: "array"; readonly items: infer I }
          ? ArrayValue<ValueOf<I, N, W>, W>
          : S extends { readonly type: "map"; readonly values: infer V }
            ? Record<string, ValueOf<V, N, W>>
            : S extends { readonly type: "fixed" }
              ? Uint8Array
              : S extends { readonly type: infer T }
                ? ValueOf<T, N, W>
                : unknown;

type ArrayValue<T, W extends Direction> = W extends "given" ? readonly T[] : T[];

/** The fields with a default are optional in a record that is given. */
type RecordValue<F extends AvroField, N, W extends Direction> = W extends "given"
  ? [Extract<F, WithDefault>] extends [never]
    ? Fields<F, N, W>
    : Fields<Exclude<F, WithDefault>, N, W> & OptionalFields<Extract<F, WithDefault>, N>
  : Fields<F, N, W>;

type Fields<F extends AvroField, N, W extends Direction> = Shown<{
  [Field in F as Field["name"]]: ValueOf<Field["type"], N, W>;
}>;

type OptionalFields<F extends AvroField, N> = Shown<{
  [Field in F as Field["name"]]?: ValueOf<Field["type"], N, "given"> | undefined;
}>;

type Wrapped<B, N, W extends Direction> = B extends "null" ? null : { [L in LabelOf<B>]: ValueOf<B, N, W> };

type LabelOf<B> = B extends string
  ? LastName<B>
  : B extends { readonly name: infer Name extends string }
    ? LastName<Name>
    : B extends { readonly type: infer T extends string }
      ? T
      : never;

/** Whether two branches belong to one group; see `bucketOfNode`, which says the same of nodes. */
type IsWrapped<S, N, Seen = never> = S extends readonly [infer Head, ...infer Rest]
  ? BucketOf<Head, N> extends Seen
    ? true
    : IsWrapped<Rest, N, Seen | BucketOf<Head, N>>
  : false;

interface Buckets {
  null: "null";
  boolean: "boolean";
  int: "number";
  long: "bigint";
  float: "number";
  double: "number";
  bytes: "bytes";
  string: "string";
  enum: "string";
  fixed: "bytes";
  array: "array";
  map: "object";
  record: "object";
  error: "object";
}

type BucketOf<S, N> = S extends { readonly logicalType: "timestamp-millis" | "date" }
  ? "date"
  : S extends { readonly logicalType: "decimal" }
    ? "string"
    : S extends keyof Buckets
      ? Buckets[S]
      : S extends string
        ? LastName<S> extends keyof N
          ? BucketOf<N[LastName<S>], N>
          : "unknown"
        : S extends { readonly type: infer T }
          ? BucketOf<T, N>
          : "unknown";

type LastName<S extends string> = S extends `${string}.${infer Rest}` ? LastName<Rest> : S;
