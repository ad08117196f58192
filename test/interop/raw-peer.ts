/** Sends raw bytes to a server and gathers what comes back, knowing nothing of hrpcd. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { decodeHadoopDelimited } from "../helpers/hadoop-proto.js";
import { isProbe, probe, type WireInput } from "./inputs/input.js";

/** A server that has neither answered nor closed after this long is stuck. */
const PATIENCE_MS = 10_000;

export interface Reply {
  /** Fields of each answer's header that are present, and its payload in hexadecimal. */
  readonly answers: readonly Answer[];
  /** What came unframed, in hexadecimal; empty for framed answers. */
  readonly unframed: string;
  /** `closed` by the server, `alive` if it answered a call afterwards, `stuck` if it did neither. */
  readonly end: "closed" | "alive" | "stuck";
}

export interface Answer {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: string;
}

/** Plays one input on a connection of its own. */
export async function play(port: number, input: WireInput): Promise<Reply> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  // A server that closes with bytes unread resets the connection: that is a close like any other here.
  socket.on("error", () => socket.destroy());
  const inbox = new Inbox(socket, input.unframed === true);
  await once(socket, "connect");
  try {
    await send(socket, input);
    if (input.fate === "closed") {
      const end = await inbox.until(() => false);
      return { ...inbox.take(), end };
    }
    await inbox.until(() => inbox.frames.length >= input.answers);
    socket.write(probe(input.fate));
    const end = await inbox.until(() => inbox.frames.some((answer) => isProbe(answer.header.callId)));
    return { ...inbox.take(), end };
  } finally {
    socket.destroy();
  }
}

async function send(socket: Socket, input: WireInput): Promise<void> {
  const step = input.pieceBytes ?? input.bytes.length;
  for (let from = 0; from < input.bytes.length; from += step) {
    socket.write(input.bytes.subarray(from, from + step));
    if (input.pieceBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Cuts what arrives into frames, unless it is known to come without. */
class Inbox {
  readonly frames: Answer[] = [];
  readonly #unframed: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => {};

  constructor(socket: Socket, unframed: boolean) {
    this.#unframed = unframed;
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Waits until the condition holds or the server closes; says which, or that neither came. */
  async until(condition: () => boolean): Promise<Reply["end"]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      this.#cut();
      if (condition()) return "alive";
      if (this.#closed) return "closed";
      const left = deadline - Date.now();
      if (left <= 0) return "stuck";
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** The answers without the probe's, and the bytes that made no frame. */
  take(): Pick<Reply, "answers" | "unframed"> {
    return {
      answers: this.frames.filter((answer) => !isProbe(answer.header.callId)),
      unframed: this.#bytes.toString("hex"),
    };
  }

  #cut(): void {
    while (!this.#unframed && this.#bytes.length >= 4) {
      const length = this.#bytes.readInt32BE(0);
      if (length < 0 || this.#bytes.length < 4 + length) return;
      const { values, rest } = decodeHadoopDelimited("RpcResponseHeaderProto", this.#bytes.subarray(4, 4 + length));
      this.frames.push({ header: values, payload: rest.toString("hex") });
      this.#bytes = this.#bytes.subarray(4 + length);
    }
  }
}
