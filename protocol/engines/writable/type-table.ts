/**
 * From names to types: names in declarations, in the form of Java sources or of the JVM, and names from the wire.
 *
 * ```
 *   int                                                     a primitive
 *   java.lang.String, demo.Color, demo.Outer$Inner          a class, as Class.getName() says it
 *   int[], java.lang.String[][], [I, [[Ljava.lang.String;   arrays
 *   org.apache.hadoop.io.ArrayWritable<CLASS>               elements are not named on the wire, so they are here
 * ```
 */
import { RpcError } from "../../rpc-error.js";
import { arrayOf } from "./arrays.js";
import { PRIMITIVE_LETTERS } from "./compact-arrays.js";
import type { JavaType, TypeFinder } from "./java-type.js";
import { PRIMITIVES, STRING, VOID } from "./primitives.js";
import {
  ARRAY_PRIMITIVE_WRITABLE,
  ARRAY_WRITABLE,
  arrayPrimitiveWritableOf,
  arrayWritableOf,
  WRITABLES,
} from "./writables.js";

/** Java allows 255; nobody has more than four, and each name of a peer costs as many types as it has dimensions. */
const MAX_DIMENSIONS = 64;

const LETTERS = new Map([...PRIMITIVE_LETTERS].map(([name, letter]) => [letter, name]));

/** What people write for the names that are meant. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["String", "java.lang.String"],
  ["string", "java.lang.String"],
  ["java.lang.Boolean", "boolean"],
  ["Boolean", "boolean"],
  ["java.lang.Integer", "int"],
  ["Integer", "int"],
  ["number", "int, long or double"],
  ["integer", "int"],
  ["java.lang.Long", "long"],
  ["Long", "long"],
  ["bigint", "long"],
  ["java.lang.Double", "double"],
  ["Double", "double"],
  ["bytes", "byte[]"],
  ["Uint8Array", "byte[]"],
  [ARRAY_WRITABLE, `${ARRAY_WRITABLE}<CLASS OF ELEMENTS>`],
  [ARRAY_PRIMITIVE_WRITABLE, `${ARRAY_PRIMITIVE_WRITABLE}<PRIMITIVE TYPE>`],
  ...Array.from(WRITABLES.keys(), (name) => [name.slice(name.lastIndexOf(".") + 1), name] as const),
]);

/** Types by name. A table made for a definition goes on in its parents for what it does not have. */
export class TypeTable implements TypeFinder {
  readonly #types: Map<string, JavaType>;
  readonly #parents: readonly TypeFinder[];

  constructor(types: Iterable<JavaType>, parents: readonly TypeFinder[]) {
    this.#types = new Map(Array.from(types, (type) => [type.className, type]));
    this.#parents = parents;
  }

  add(type: JavaType): void {
    if (!this.#types.has(type.className)) this.#types.set(type.className, type);
  }

  find(className: string): JavaType | undefined {
    const known = this.#types.get(className);
    if (known !== undefined) return known;
    for (const parent of this.#parents) {
      const inherited = parent.find(className);
      if (inherited !== undefined) return inherited;
    }
    return className.startsWith("[") ? this.#findArray(className) : undefined;
  }

  /** Arrays that were asked for are kept: there are at most `MAX_DIMENSIONS` for every class of the table. */
  #findArray(className: string): JavaType | undefined {
    let dimensions = 1;
    while (className[dimensions] === "[") dimensions++;
    if (dimensions > MAX_DIMENSIONS) return undefined;
    const descriptor = className.slice(dimensions);
    const reference = /^L([^[;]+);$/.exec(descriptor)?.[1];
    const component = reference === undefined ? PRIMITIVES.get(LETTERS.get(descriptor) ?? "") : this.find(reference);
    if (
      component === undefined ||
      component.kind === "void" ||
      (reference !== undefined && component.kind === "primitive")
    ) {
      return undefined;
    }
    let type = component;
    for (let i = 0; i < dimensions; i++) type = arrayOf(type);
    this.#types.set(className, type);
    return type;
  }

  /** The type that a declaration names. Throws BAD_DEFINITION that says what to write instead. */
  resolve(name: string): JavaType {
    if (name.endsWith("[]")) return this.#resolveArray(name);
    const generic = /^([^<[]+)<(.+)>$/.exec(name);
    if (generic !== null) return this.#resolveGeneric(generic[1] as string, generic[2] as string, name);
    const type = this.find(name);
    if (type === undefined || name === ARRAY_WRITABLE || name === ARRAY_PRIMITIVE_WRITABLE) throw unknownType(name);
    return type;
  }

  #resolveArray(name: string): JavaType {
    const component = this.resolve(name.slice(0, -2));
    if (component.kind === "void") throw new RpcError("BAD_DEFINITION", `${name} is no type: void has no values`);
    return arrayOf(component);
  }

  #resolveGeneric(className: string, argument: string, name: string): JavaType {
    const element = this.resolve(argument);
    if (className === ARRAY_WRITABLE && element.kind === "writable") return this.#declared(arrayWritableOf(element));
    const primitive = PRIMITIVES.get(element.className);
    if (className === ARRAY_PRIMITIVE_WRITABLE && primitive !== undefined) {
      return this.#declared(arrayPrimitiveWritableOf(primitive));
    }
    throw new RpcError(
      "BAD_DEFINITION",
      `"${name}" is no type; only ${ARRAY_WRITABLE}<class of a Writable> and ${ARRAY_PRIMITIVE_WRITABLE}<primitive type> have < >`,
    );
  }

  #declared(type: JavaType): JavaType {
    this.add(type);
    return type;
  }
}

function unknownType(name: string): RpcError {
  const meant = MEANT.get(name);
  const advice =
    meant === undefined
      ? "declare it in enums or writables, or write the full name as Class.getName() says it"
      : `write ${meant}`;
  return new RpcError("BAD_DEFINITION", `unknown Java type "${name}": ${advice}`);
}

/** The types that need no declaration. */
export const BUILTIN_TYPES = new TypeTable([...PRIMITIVES.values(), VOID, STRING, ...WRITABLES.values()], []);
