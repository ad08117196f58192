/** Names that come from peers, of which only so many are ever told apart. */

/** What is kept of a name. */
const MAX_CHARS = 64;

export class BoundedNames {
  readonly #known = new Set<string>();
  readonly #max: number;
  readonly #others: string;

  /** At most `max` names (1 or more); `others` stands for the rest. */
  constructor(max: number, others: string) {
    this.#max = max;
    this.#others = others;
  }

  /** The name itself, cut to 64 characters, if it is one of those that came first; else the name of the others. */
  bounded(name: string): string {
    // A part of a text keeps the whole alive: it is copied.
    const cut = name.length <= MAX_CHARS ? name : Buffer.from(name.slice(0, MAX_CHARS)).toString();
    if (this.#known.has(cut)) return cut;
    if (this.#known.size >= this.#max) return this.#others;
    this.#known.add(cut);
    return cut;
  }
}
