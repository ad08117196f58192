/**
 * What is needed to serve one method to a peer that holds a certain version of it: functions made once and kept.
 *
 * ```
 *   arguments   the peer's request fields, one datum behind the other (which is how Avro writes a record)
 *   result      one datum of the peer's response type; nothing at all for "null"
 *   error       number of the error in the peer's list (int), then the error record; nothing if it is none of the list
 * ```
 */
import type { AnyProtocol, MethodDefinition } from "../../definition.js";
import { Misfit } from "../../misfit.js";
import { under } from "../../placed-error.js";
import { RpcError } from "../../rpc-error.js";
import type { ByteWriter } from "../../wire/byte-writer.js";
import type { DatumReader } from "./datum-reader.js";
import type { Write } from "./raw-writing.js";
import { type Read, ReadCompiler } from "./reading.js";
import { Unresolvable } from "./resolution.js";
import type { MessageNode } from "./schema-text.js";
import { type RecordNode, simpleName } from "./type-node.js";
import { type DefaultBudget, WriteCompiler } from "./writing.js";

interface ErrorWrite {
  readonly error: RecordNode;
  readonly write: Write;
}

/** Compiles codecs for two versions of a protocol; types that messages share are compiled once. */
export class CodecCompiler {
  readonly #reads = new ReadCompiler();
  readonly #writes = new WriteCompiler();

  /** Throws Unresolvable, its path beginning with the argument's name, `result` or `error`. */
  server(peer: MessageNode, own: MessageNode): ServerCodec {
    if (peer.oneWay !== own.oneWay) throw new Unresolvable("it is one-way on one side only");
    const { names, reads } = this.#reads.compileFields(peer.request, own.request);
    const slots = names.map((name) => own.request.findIndex((field) => field.name === name));
    const write = under("result", () => this.#writes.compile(own.response, peer.response));
    return new ServerCodec(slots, reads, write, this.#errorWrites(peer, own), this.#writes.defaults);
  }

  client(own: MessageNode): ClientCodec {
    const writes = own.request.map((field) => this.#writes.compileField(field, field));
    const readResult = this.#reads.compile(own.response, own.response);
    const readErrors = own.errors.map((error) => this.#reads.compile(error, error));
    return new ClientCodec(own, writes, readResult, readErrors);
  }

  /** An error that the peer does not declare, or declares otherwise, travels by class and message only. */
  #errorWrites(peer: MessageNode, own: MessageNode): ErrorWrite[] {
    const found: ErrorWrite[] = [];
    for (const error of own.errors) {
      const index = peer.errors.findIndex((other) => simpleName(other.name) === simpleName(error.name));
      if (index < 0) continue;
      try {
        const writeError = this.#writes.compile(error, peer.errors[index] as RecordNode);
        const write: Write = (out, value) => {
          out.writeSint32(index);
          writeError(out, value);
        };
        found.push({ error, write });
      } catch (failure) {
        if (!(failure instanceof Unresolvable)) throw failure;
      }
    }
    return found;
  }
}

export class ServerCodec {
  /** For each read, the argument that it gives; -1 if it only passes over bytes. */
  readonly #slots: readonly number[];
  readonly #reads: readonly Read[];
  readonly #write: Write;
  readonly #errors: readonly ErrorWrite[];
  readonly #defaults: DefaultBudget;

  constructor(
    slots: readonly number[],
    reads: readonly Read[],
    write: Write,
    errors: readonly ErrorWrite[],
    defaults: DefaultBudget,
  ) {
    this.#slots = slots;
    this.#reads = reads;
    this.#write = write;
    this.#errors = errors;
    this.#defaults = defaults;
  }

  /** Reads the arguments, up to the end of the body. Throws whatever is wrong with the bytes. */
  readArguments(from: DatumReader): unknown[] {
    const slots = this.#slots;
    const reads = this.#reads;
    const args: unknown[] = [];
    for (let i = 0; i < reads.length; i++) {
      const value = (reads[i] as Read)(from);
      const slot = slots[i] as number;
      if (slot >= 0) args[slot] = value;
    }
    if (from.position !== from.end) throw from.fault(`${from.end - from.position} bytes follow the arguments`);
    return args;
  }

  /** Throws Misfit, or RangeError if the value is too large, or would be with the peer's defaults. */
  writeResult(out: ByteWriter, value: unknown): void {
    this.#defaults.reset(out);
    this.#write(out, value);
  }

  /** Writes the fields of a declared error; nothing if they fit none. Takes back what it wrote of one that did not fit. */
  writeError(out: ByteWriter, error: RpcError): void {
    if (error.data === undefined && this.#named(error.javaClass) === undefined) return;
    const named = this.#named(error.javaClass);
    const start = out.length;
    for (const { write } of named === undefined ? this.#errors : [named]) {
      this.#defaults.reset(out);
      try {
        write(out, error.data ?? {});
        return;
      } catch (failure) {
        out.rewind(start);
        if (!(failure instanceof Misfit || failure instanceof RangeError)) throw failure;
      }
    }
  }

  #named(javaClass: string): ErrorWrite | undefined {
    return this.#errors.find(({ error }) => error.name === javaClass);
  }
}

export class ClientCodec {
  readonly #own: MessageNode;
  readonly #writes: readonly Write[];
  readonly #readResult: Read;
  readonly #readErrors: readonly Read[];

  constructor(own: MessageNode, writes: readonly Write[], readResult: Read, readErrors: readonly Read[]) {
    this.#own = own;
    this.#writes = writes;
    this.#readResult = readResult;
    this.#readErrors = readErrors;
  }

  /** Throws RpcError BAD_ARGUMENT naming protocol, method and place. */
  writeArguments(out: ByteWriter, args: readonly unknown[], protocol: AnyProtocol, method: MethodDefinition): void {
    const writes = this.#writes;
    if (args.length > writes.length) {
      const fault = `takes ${writes.length} arguments, got ${args.length}`;
      throw new RpcError("BAD_ARGUMENT", `${protocol.name}.${method.name} ${fault}`);
    }
    let i = 0;
    try {
      for (; i < writes.length; i++) (writes[i] as Write)(out, args[i]);
    } catch (error) {
      const name = this.#own.request[i]?.name ?? "";
      const where = `${protocol.name}.${method.name}:`;
      if (error instanceof Misfit) throw new RpcError("BAD_ARGUMENT", `${where} argument ${error.text(name)}`);
      if (!(error instanceof RangeError)) throw error;
      throw new RpcError("BAD_ARGUMENT", `${where} argument ${name} is too large, or holds itself`, { cause: error });
    }
  }

  readResult(from: DatumReader): unknown {
    const value = this.#readResult(from);
    return value === null && this.#own.response.kind === "null" ? undefined : value;
  }

  readError(from: DatumReader): unknown {
    return (this.#readErrors[from.readIndex(this.#readErrors.length, "error")] as Read)(from);
  }
}
