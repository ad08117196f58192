/**
 * What a declaration may cost avsc, told before avsc sees it. `hrpc` makes definitions of what a server hands out, and that
 * server may be anybody's: a hundred lines, each a record with two fields that default to the record before, would be worked on for days.
 */
import { simpleName } from "./type-node.js";

/** Parts of a declaration: types, fields, branches and symbols. */
const MAX_PARTS = 65_536;
/** Named types and messages (each has a record of its arguments); avsc compiles code for each. */
const MAX_COMPILED = 4096;
/** Values of one default, those included that its records take from their own fields' defaults. */
const MAX_DEFAULT_VALUES = 4096;
/** Values looked at for all defaults of a declaration. */
const MAX_DEFAULT_STEPS = 262_144;
/** Characters of a text that count as one value. */
const CHARACTERS_PER_VALUE = 16;

type Json = Readonly<Record<string, unknown>>;

/** Adds up what the types of one declaration cost. It takes them as `declaration.ts` copied them, in order. */
export class DeclarationLimits {
  /** Records by their simple names: which of two namespaces is meant does not matter for a bound. */
  readonly #records = new Map<string, Json[]>();
  readonly #costs = new Map<Json, number>();
  #parts = 0;
  #compiled = 0;
  #steps = 0;

  /** Counts a record, named or not, or another named type. */
  #countCompiled(): void {
    if (++this.#compiled > MAX_COMPILED)
      throw new Error(`it has more than ${MAX_COMPILED} types and messages: cut it into several protocols`);
  }

  /** Adds a type and all within it. Throws Error saying what is too much. */
  add(type: unknown): void {
    const fields: Json[] = [];
    this.#collect(type, fields);
    for (const field of fields) {
      if (this.#costOfDefault(field) > MAX_DEFAULT_VALUES) {
        throw new Error(
          `the default of ${String(field.name)} makes more than ${MAX_DEFAULT_VALUES} values: let it be shorter, or use a union with null`,
        );
      }
    }
  }

  #count(parts: number): void {
    this.#parts += parts;
    if (this.#parts > MAX_PARTS)
      throw new Error(`it has more than ${MAX_PARTS} types, fields and symbols: cut it into several protocols`);
  }

  /** Takes the records out of a type, and into `fields` those with a default, inner ones first. */
  #collect(type: unknown, fields: Json[]): void {
    this.#count(1);
    if (typeof type !== "object" || type === null) return;
    if (Array.isArray(type)) {
      for (const branch of type) this.#collect(branch, fields);
      return;
    }
    const json = type as Json;
    if (json.items !== undefined) this.#collect(json.items, fields);
    if (json.values !== undefined) this.#collect(json.values, fields);
    if (Array.isArray(json.symbols)) this.#count(json.symbols.length);
    if (typeof json.name === "string" || Array.isArray(json.fields)) this.#countCompiled();
    if (!Array.isArray(json.fields)) return;
    if (typeof json.name === "string") {
      const name = simpleName(json.name);
      this.#records.set(name, [...(this.#records.get(name) ?? []), json]);
    }
    for (const field of json.fields as Json[]) {
      this.#collect(field.type, fields);
      if (field.default !== undefined) fields.push(field);
    }
  }

  #costOfDefault(field: Json): number {
    const known = this.#costs.get(field);
    if (known !== undefined) return known;
    // A default that holds itself never ends.
    this.#costs.set(field, Number.POSITIVE_INFINITY);
    const cost = this.#costOf(field.type, field.default);
    this.#costs.set(field, cost);
    return cost;
  }

  /** The values that avsc makes of `json` as a `type`; of a union it takes the first branch. */
  #costOf(type: unknown, json: unknown): number {
    if (++this.#steps > MAX_DEFAULT_STEPS) throw new Error("its defaults are too long: let them be shorter");
    if (Array.isArray(type)) return this.#costOf(type[0], json);
    if (typeof json === "string") return 1 + Math.ceil(json.length / CHARACTERS_PER_VALUE);
    if (typeof json !== "object" || json === null) return 1;
    if (typeof type === "string") {
      const records = this.#records.get(simpleName(type)) ?? [];
      return Math.max(1, ...records.map((record) => this.#costOfRecord(record, json as Json)));
    }
    const { items, values, fields } = type as Json;
    if (Array.isArray(fields)) return this.#costOfRecord(type as Json, json as Json);
    let cost = 1;
    for (const item of Object.values(json)) cost += this.#costOf(items ?? values ?? "null", item);
    return cost;
  }

  #costOfRecord(record: Json, json: Json): number {
    let cost = 1;
    for (const field of record.fields as Json[]) {
      const name = field.name as string;
      if (Object.hasOwn(json, name)) cost += this.#costOf(field.type, json[name]);
      else if (field.default !== undefined) cost += this.#costOfDefault(field);
    }
    return cost;
  }
}
