/** The type table of one definition: its enums and Writables, on top of what is inherited and built in. */
import { RpcError } from "../../rpc-error.js";
import { enumOf } from "./enums.js";
import type { JavaType } from "./java-type.js";
import { BUILTIN_TYPES, TypeTable } from "./type-table.js";
import { functionsOf, recordOf, subclassOf, type WritableFields, type WritableFunctions } from "./user-writables.js";

/** A class name as Class.getName() says it. */
const CLASS_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;
const CONSTANT_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** What stands in the place of functions in a declaration that is handed out. */
export const OPAQUE_WRITABLE = { opaque: true } as const;

type Tables = { readonly enums: ReadonlyMap<string, unknown>; readonly writables: ReadonlyMap<string, unknown> };

/** Makes the table. Throws BAD_DEFINITION with a message that goes on from the protocol's name. */
export function declareTypes(tables: Tables, inherited: readonly TypeTable[]): TypeTable {
  const types = new TypeTable([], [...inherited, BUILTIN_TYPES]);
  for (const [className, constants] of tables.enums) {
    checkClassName(className);
    types.add(enumOf(className, checkConstants(className, constants)));
  }
  const open = new Set<string>();
  const declare = (className: string): void => declareWritable(className, tables.writables, types, open, declare);
  for (const className of tables.writables.keys()) {
    if (types.find(className) === undefined) declare(className);
  }
  for (const className of tables.writables.keys()) checkWritable(className, types);
  return types;
}

function bad(message: string): RpcError {
  return new RpcError("BAD_DEFINITION", message);
}

function checkClassName(className: string): void {
  if (!CLASS_NAME.test(className)) throw bad(`"${className}" is no name of a class: write what Class.getName() says`);
  if (BUILTIN_TYPES.find(className) !== undefined)
    throw bad(`${className} is built in: leave it out of enums and writables`);
}

function checkConstants(className: string, constants: unknown): readonly string[] {
  if (!Array.isArray(constants) || constants.length === 0) {
    throw bad(`enum ${className}: must be an array of the names of its constants`);
  }
  const names = constants as unknown[];
  const wrong = names.find((name) => typeof name !== "string" || !CONSTANT_NAME.test(name));
  if (wrong !== undefined) throw bad(`enum ${className}: ${JSON.stringify(wrong)} is no name of a constant`);
  if (new Set(names).size !== names.length) throw bad(`enum ${className}: a constant is there twice`);
  return names as string[];
}

function declareWritable(
  className: string,
  writables: ReadonlyMap<string, unknown>,
  types: TypeTable,
  open: Set<string>,
  declare: (className: string) => void,
): void {
  checkClassName(className);
  const declaration = writables.get(className);
  if (typeof declaration !== "string") {
    types.add(declareOwn(className, declaration, types));
    return;
  }
  if (open.has(className)) throw bad(`writables: ${className} is a subclass of itself`);
  open.add(className);
  for (const other of declaration.split(/[<>[\]]+/)) {
    if (writables.has(other) && types.find(other) === undefined) declare(other);
  }
  const target = resolveFor(`writables: ${className}`, declaration, types);
  if (target.kind !== "writable") throw bad(`writables: ${className}: ${declaration} is no Writable`);
  types.add(subclassOf(className, target));
}

function declareOwn(className: string, declaration: unknown, types: TypeTable): JavaType {
  if (typeof declaration !== "object" || declaration === null) {
    throw bad(`writables: ${className}: must be the name of a Writable, a table of fields, or { read, write }`);
  }
  const { read, write, opaque } = declaration as Partial<Record<string, unknown>>;
  if (typeof read === "function" && typeof write === "function") {
    return functionsOf(className, declaration as WritableFunctions<unknown>);
  }
  if (opaque === OPAQUE_WRITABLE.opaque) {
    throw bad(
      `writables: ${className} is read and written by functions, which cannot be handed out: import its definition`,
    );
  }
  let fields: ReadonlyMap<string, JavaType> | undefined;
  return recordOf(className, () => (fields ??= declareFields(className, declaration as WritableFields, types)));
}

function declareFields(className: string, fields: WritableFields, types: TypeTable): ReadonlyMap<string, JavaType> {
  const declared = new Map<string, JavaType>();
  for (const [name, typeName] of Object.entries(fields)) {
    const where = `writables: ${className}: field ${name}`;
    const type = resolveFor(where, typeName, types);
    if (type.kind !== "primitive" && type.kind !== "writable") {
      throw bad(
        `${where}: ${typeName} must be a primitive or a Writable` +
          " (for strings: org.apache.hadoop.io.Text for Text.writeString, org.apache.hadoop.io.UTF8 for UTF8.writeString)",
      );
    }
    declared.set(name, type);
  }
  return declared;
}

/** Reading `minBytes` resolves the fields of a record and finds one that contains itself. */
function checkWritable(className: string, types: TypeTable): void {
  const type = types.find(className);
  if (type?.kind !== "writable") throw bad(`${className} is declared in enums and in writables: leave one out`);
  if (!Number.isInteger(type.minBytes) || type.minBytes < 0) {
    throw bad(`writables: ${className}: minBytes must be a non-negative integer`);
  }
}

/** `types.resolve` with the place in front of what it throws. */
export function resolveFor(where: string, typeName: unknown, types: TypeTable): JavaType {
  if (typeof typeName !== "string")
    throw bad(`${where}: must be the name of a Java type, got ${JSON.stringify(typeName)}`);
  try {
    return types.resolve(typeName);
  } catch (error) {
    throw bad(`${where}: ${RpcError.from(error).message}`);
  }
}
