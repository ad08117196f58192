/**
 * Rates by method, and by the class of what a method threw (Hadoop: ipc/metrics/RpcDetailedMetrics.java). A call that failed
 * counts under the class, not under its method.
 *
 * Names of methods are those that are served. Classes of errors may come from a peer, so there is room for MAX_CLASSES of
 * them, and further ones share one name.
 */
import { Rate } from "./rate.js";

/** Classes of errors that are told apart. */
export const MAX_CLASSES = 30;
/** The name of all others. */
export const OTHER_CLASSES = "OtherExceptions";
/** A class with a longer name is one of the others. */
const MAX_CLASS_CHARS = 200;

/** The two rates of one name. */
export interface DetailedRate {
  /** As in the names of metrics: the first letter is a capital. */
  readonly name: string;
  /** Whether it is a method that may be deferred, and not a class of errors. */
  readonly isMethod: boolean;
  /** In the method, without waiting for locks. */
  readonly processing: Rate;
  /** From the arrival of the call to its answer. */
  readonly overall: Rate;
}

export class DetailedRates {
  /** By the name in the metrics: methods of several protocols share theirs, as in Hadoop. */
  readonly #all = new Map<string, DetailedRate>();
  /** By the name of the method. */
  readonly #methods = new Map<string, DetailedRate>();
  /** By the Java class, as it was given. */
  readonly #classes = new Map<string, DetailedRate>();
  readonly #others = newRate(OTHER_CLASSES, false);
  /** The method of the last call, which the next is likely to be of too: that saves a look into a table. */
  #lastMethod = "";
  #lastRate = this.#others;

  /** `methods` are the names of all that are served. */
  constructor(methods: Iterable<string>) {
    for (const method of methods) this.#methods.set(method, this.#named(capitalized(method), true));
  }

  ofMethod(method: string): DetailedRate {
    if (method === this.#lastMethod) return this.#lastRate;
    const rate = this.#methods.get(method) ?? this.#others;
    this.#lastMethod = method;
    this.#lastRate = rate;
    return rate;
  }

  /** `javaClass` is a name with its package, such as `java.io.IOException`. */
  ofError(javaClass: string): DetailedRate {
    const known = this.#classes.get(javaClass);
    if (known !== undefined) return known;
    if (this.#classes.size >= MAX_CLASSES || javaClass.length > MAX_CLASS_CHARS) return this.#others;
    const rate = this.#named(capitalized(simpleName(javaClass)), false);
    this.#classes.set(javaClass, rate);
    return rate;
  }

  /** Those of methods in the order in which they were given, then those of errors as they came. */
  all(): readonly DetailedRate[] {
    return this.#others.processing.count === 0 ? [...this.#all.values()] : [...this.#all.values(), this.#others];
  }

  roll(): void {
    for (const { processing, overall } of this.all()) {
      processing.roll();
      overall.roll();
    }
  }

  #named(name: string, isMethod: boolean): DetailedRate {
    const known = this.#all.get(name);
    if (known !== undefined) return known;
    const rate = newRate(name, isMethod);
    this.#all.set(name, rate);
    return rate;
  }
}

function newRate(name: string, isMethod: boolean): DetailedRate {
  return { name, isMethod, processing: new Rate(), overall: new Rate() };
}

/** The last part of a Java class's name. */
function simpleName(javaClass: string): string {
  const name = javaClass.slice(Math.max(javaClass.lastIndexOf("."), javaClass.lastIndexOf("$")) + 1);
  return name === "" ? "Exception" : name;
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
