/**
 * Says why the process ends when it is not the program that ends it: a service module may call `process.exit`, or wait for what
 * never comes until nothing keeps the process alive. Node ends without a word in both cases.
 */

/** What the process tells: the two events of Node's `process`, in the words of this file. */
export interface ProcessEnd {
  /** Nothing is left that could happen (Node: `beforeExit`). */
  onIdle(listener: () => void): void;
  /** The process ends with this code; the listener returns the one to end with instead (Node: `exit`). */
  onExit(listener: (code: number) => number): void;
}

/** Exit codes for an end that nobody asked for. */
export interface EarlyExitCodes {
  /** While services are loaded, as for any other fault of theirs. */
  readonly loading: number;
  /** Later. */
  readonly serving: number;
}

/** What the program is busy with, and whether it is the program that ends. */
export class ExitWatch {
  #activity: { readonly name: string; readonly code: number } | undefined;
  readonly #codes: EarlyExitCodes;
  #idle = false;

  /** `say` gets the sentence, when the process is about to end. */
  constructor(end: ProcessEnd, codes: EarlyExitCodes, say: (sentence: string) => void) {
    this.#codes = codes;
    end.onIdle(() => {
      this.#idle = true;
    });
    end.onExit((code) => {
      const activity = this.#activity;
      if (activity === undefined) return code;
      const why = this.#idle
        ? "waits for something that cannot happen any more: nothing is left that keeps the process alive"
        : `ended the process with process.exit(${code}): throw an error instead, and let the daemon stop`;
      say(`${activity.name} ${why}`);
      return activity.code;
    });
  }

  /** From now on the services named are loaded, or started. */
  loading(name: string): void {
    this.#activity = { name, code: this.#codes.loading };
  }

  /** From now on it is calls that run. */
  serving(): void {
    this.#activity = { name: "A service", code: this.#codes.serving };
  }

  /** The program ends by itself. */
  expected(): void {
    this.#activity = undefined;
  }
}
