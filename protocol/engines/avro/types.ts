/**
 * What TypeScript makes of an Avro declaration: the types of arguments and results, inferred from the literal.
 *
 * ```
 *   null      as a response: void, else null          record, error   { field: ... }
 *   boolean   boolean                                 enum            "A" | "B"
 *   int       number, a whole one of 32 bits          array           T[]
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
 * Named types are found if they are declared in `types`; namespaces are not looked at. Where the declaration is not known to
 * the compiler (read from a file, or not a literal), arguments and results are `unknown`.
 */

/** A type: a name, a union, or an object with `type`. */
export type AvroSchema = string | readonly AvroSchema[] | AvroSchemaObject;

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

export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  /** Taken where the value is undefined, or where the other side does not have the field. Of a union: its first branch. */
  readonly default?: unknown;
  readonly doc?: string;
  readonly aliases?: readonly string[];
}

export interface AvroMessage {
  readonly request: readonly AvroField[];
  readonly response: AvroSchema;
  /** Declared errors: names of, or, `{ type: "error", ... }`. Their fields travel as `RpcError.data`. */
  readonly errors?: readonly AvroSchema[];
  /** The caller does not wait, and no answer is ever sent; the response is "null". */
  readonly "one-way"?: boolean;
  /** Running the method twice is the same as running it once. */
  readonly idempotent?: boolean;
  /** A repeated call is answered from the server's retry cache. */
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

/** The methods of a declaration, as functions of their declared arguments. */
export type MethodsOfDeclaration<D extends AvroDeclaration> = {
  [Name in keyof D["messages"] & string]: MethodOf<D["messages"][Name], NamedTypes<D>>;
};

type NamedTypes<D> = D extends { readonly types: infer T extends readonly AvroSchemaObject[] }
  ? { [S in T[number] as S extends { readonly name: infer N extends string } ? LastName<N> : never]: S }
  : Record<never, never>;

type MethodOf<Message, N> = Message extends {
  readonly request: infer R extends readonly AvroField[];
  readonly response: infer S;
}
  ? (...args: ArgumentsOf<R, N>) => S extends "null" ? void : ValueOf<S, N>
  : never;

type ArgumentsOf<R extends readonly AvroField[], N> = {
  -readonly [I in keyof R]: ValueOf<R[I]["type"], N> | ("default" extends keyof R[I] ? undefined : never);
};

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

/** The TypeScript type of a schema's values; `N` holds the named types by name. */
export type ValueOf<S, N = Record<never, never>> = [AvroSchema] extends [S] ? unknown : KnownValue<S, N>;

type KnownValue<S, N> = S extends keyof PrimitiveValues
  ? PrimitiveValues[S]
  : S extends string
    ? LastName<S> extends keyof N
      ? ValueOf<N[LastName<S>], N>
      : unknown
    : S extends readonly unknown[]
      ? true extends IsWrapped<S, N>
        ? Wrapped<S[number], N>
        : ValueOf<S[number], N>
      : ObjectValue<S, N>;

type ObjectValue<S, N> = S extends { readonly logicalType: "timestamp-millis" | "date" }
  ? Date
  : S extends { readonly logicalType: "decimal" }
    ? string
    : S extends { readonly type: "record" | "error"; readonly fields: infer F extends readonly AvroField[] }
      ? { [Field in F[number] as Field["name"]]: ValueOf<Field["type"], N> }
      : S extends { readonly type: "enum"; readonly symbols: infer Y extends readonly string[] }
        ? Y[number]
        : S extends { readonly type: "array"; readonly items: infer I }
          ? ValueOf<I, N>[]
          : S extends { readonly type: "map"; readonly values: infer V }
            ? Record<string, ValueOf<V, N>>
            : S extends { readonly type: "fixed" }
              ? Uint8Array
              : S extends { readonly type: infer T }
                ? ValueOf<T, N>
                : unknown;

type Wrapped<B, N> = B extends "null" ? null : { [L in LabelOf<B>]: ValueOf<B, N> };

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
