/**
 * What an operator can have refreshed by name, `dfsadmin -refresh HOST:PORT IDENTIFIER [ARGUMENT]...`: handlers under
 * identifiers (Hadoop: ipc/RefreshRegistry.java).
 */
import type { RefreshResponse } from "../protocol/hadoop-protocols.js";
import { JAVA_CLASS, RpcError } from "../protocol/rpc-error.js";
import type { Call } from "./call.js";

/** What a handler answers: nothing, or a text for the operator, or a text with an exit status other than 0. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that says nothing is a function that returns nothing
export type RefreshAnswer = string | Pick<RefreshResponse, "exitStatus" | "userMessage"> | undefined | void;

/** Refreshes something; what it throws is told to the operator, with exit status -1. */
export type RefreshHandler = (args: readonly string[], call: Call) => RefreshAnswer | PromiseLike<RefreshAnswer>;

interface Entry {
  readonly handler: RefreshHandler;
  readonly senderName: string;
}

const FAILED = -1;

/** Handlers by identifier; several may share one. For `adminServices({ refresh })`. */
export class RefreshRegistry {
  readonly #entries = new Map<string, Entry[]>();

  /** Adds a handler, which signs its answers with `senderName`; returns the function that takes it away again. */
  register(identifier: string, handler: RefreshHandler, senderName: string = identifier): () => void {
    const entry = { handler, senderName };
    const entries = this.#entries.get(identifier);
    if (entries === undefined) this.#entries.set(identifier, [entry]);
    else entries.push(entry);
    return () => this.#remove(identifier, entry);
  }

  #remove(identifier: string, entry: Entry): void {
    const left = (this.#entries.get(identifier) ?? []).filter((other) => other !== entry);
    if (left.length > 0) this.#entries.set(identifier, left);
    else this.#entries.delete(identifier);
  }

  /**
   * Runs the handlers of an identifier, one after the other; each answers, whatever becomes of the others.
   * Throws IllegalArgumentException for an identifier that has none.
   */
  async dispatch(identifier: string, args: readonly string[], call: Call): Promise<RefreshResponse[]> {
    const entries = this.#entries.get(identifier);
    if (entries === undefined) {
      const options = [...this.#entries.keys()].join(", ");
      const message = `Identifier '${identifier}' does not exist in RefreshRegistry. Valid options are: ${options}`;
      throw new RpcError("ERROR_APPLICATION", message, { javaClass: JAVA_CLASS.illegalArgument });
    }
    const responses: RefreshResponse[] = [];
    for (const { handler, senderName } of [...entries]) {
      responses.push({ ...(await answerOf(handler, args, call)), senderName });
    }
    return responses;
  }
}

async function answerOf(handler: RefreshHandler, args: readonly string[], call: Call): Promise<RefreshResponse> {
  try {
    return response(await handler([...args], call));
  } catch (error) {
    return { exitStatus: FAILED, userMessage: RpcError.from(error).message };
  }
}

/** A handler need not be TypeScript: its answer is looked at before it is sent. */
function response(answer: unknown): RefreshResponse {
  if (answer === undefined || answer === null) return { exitStatus: 0 };
  if (typeof answer === "string") return { exitStatus: 0, userMessage: answer };
  if (typeof answer !== "object" || Array.isArray(answer)) {
    throw new TypeError("the handler returned neither nothing, nor a text, nor { exitStatus, userMessage }");
  }
  const { exitStatus = 0, userMessage } = answer as Partial<Record<keyof RefreshResponse, unknown>>;
  if (typeof exitStatus !== "number" || (exitStatus | 0) !== exitStatus) {
    throw new TypeError("the handler returned an exitStatus that is no whole number of 32 bits");
  }
  if (userMessage === undefined) return { exitStatus };
  if (typeof userMessage !== "string") throw new TypeError("the handler returned a userMessage that is no text");
  return { exitStatus, userMessage };
}
