/**
 * A server: its stages, joined in order, and its life from start to stop.
 *
 * ```
 *   Listener -> Reader(s) -> CallQueue -> Handlers -> Responder
 * ```
 */
import { createSettings, type Settings } from "../conf/index.js";
import { simple } from "../protocol/auth-methods/simple.js";
import type { DecodeLimits, Service } from "../protocol/engine.js";
import { publish } from "../protocol/events.js";
import { JAVA_CLASS, RpcError } from "../protocol/rpc-error.js";
import { Backlogs } from "./backlogs.js";
import { ServerCall } from "./call.js";
import { CallQueueManager } from "./call-queue-manager.js";
import { type Clock, systemClock } from "./clock.js";
import { type ByteStream, Connection } from "./connection.js";
import { ConnectionManager, type ConnectionManagerOptions } from "./connection-manager.js";
import { Deadlines } from "./deadlines.js";
import { connectionsThatFit, type Descriptors, DescriptorWatch } from "./descriptor-watch.js";
import { HandlerPool, type ResponseTimeListener } from "./handler.js";
import { Listener } from "./listener.js";
import { CALL_QUEUE_KEYS, type MadeCallQueue, makeCallQueue } from "./make-call-queue.js";
import type { MetricsSource } from "./metrics.js";
import { ProtocolTable } from "./protocols.js";
import { Reader } from "./reader.js";
import { RequestMemory } from "./request-memory.js";
import { Responder } from "./responder.js";
import { ServerMetrics } from "./server-metrics.js";
import { protocolMetaInfoService } from "./services/protocol-meta-info.js";
import { reflectionService } from "./services/reflection.js";
import { SLOW_CALL_KEYS, SlowCalls } from "./slow-calls.js";
import { type UserAccount, UserAccounts } from "./user-accounts.js";

/** What `createServer` is given. Options that are absent are taken from `conf`. */
export interface ServerOptions {
  /**
   * What is served. Two protocols by which clients learn the rest are always added: `hrpc` asks the reflection protocol,
   * Hadoop's programs ask ProtocolMetaInfo.
   */
  readonly services: Iterable<Service>;
  /** Host name or address to listen on; default `hrpcd.bind.address`. */
  readonly bindAddress?: string;
  /** 0 to 65535, 0 takes any free one; default `hrpcd.port`. */
  readonly port?: number;
  /** A listening TCP socket that this process was given, by its descriptor: address and port are not used then. */
  readonly listenFd?: number | undefined;
  /** Calls that run at the same time, at least 1; default `hrpcd.handlers`. */
  readonly numHandlers?: number;
  /** Default: every setting at its default. */
  readonly conf?: Settings;
  readonly clock?: Clock;
  /** File descriptors of the process: with them known, connections leave some free and their lack is told. */
  readonly descriptors?: Descriptors;
}

type ServerState = "new" | "running" | "draining" | "stopped";

/**
 * Makes a server; `start` opens it. Throws BAD_DEFINITION for services that clash and SettingsError for options out of range.
 */
export function createServer(options: ServerOptions): Server {
  return new Server(options);
}

/** A server: made by `createServer`, opened by `start`, ended by `stop` or at the end of an `await using` scope. */
export class Server implements AsyncDisposable {
  readonly #given: ServerOptions;
  /** In force: `reload` puts another in its place. */
  #conf: Settings;
  /** What the call queue in force was made of, as `queueSettings` tells it. */
  #queueMadeOf: string;
  readonly #clock: Clock;
  readonly #protocols: ProtocolTable;
  readonly #connections: ConnectionManager;
  readonly #queue: CallQueueManager<MadeCallQueue>;
  readonly #handlers: HandlerPool;
  readonly #responder: Responder;
  readonly #slowCalls: SlowCalls;
  readonly #readers: readonly Reader[];
  readonly #listener: Listener;
  /** What the stages look up each time they need it; `reload` changes it. */
  readonly #readerLimits: ReturnType<typeof readerLimits>;
  readonly #responderLimits: ReturnType<typeof responderLimits>;
  readonly #deadlines: Deadlines<Connection | ServerCall>;
  readonly #metrics: ServerMetrics;
  readonly #readerOf = new WeakMap<Connection, Reader>();
  readonly #memory: RequestMemory;
  readonly #users: UserAccounts;
  readonly #backlogs: Backlogs;
  readonly #watch: DescriptorWatch | undefined;
  #scans: readonly { stop(): void }[] = [];
  #nextReader = 0;
  #state: ServerState = "new";
  #address: { readonly address: string; readonly port: number } | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    const conf = withOptions(options);
    this.#given = options;
    this.#conf = conf;
    this.#queueMadeOf = queueSettings(conf);
    this.#readerLimits = readerLimits(conf);
    this.#responderLimits = responderLimits(conf);
    this.#clock = options.clock ?? systemClock;
    const clock = this.#clock;
    const served = () => this.#protocols.services;
    const own = [reflectionService(served), protocolMetaInfoService(served)];
    this.#protocols = new ProtocolTable([...options.services, ...own]);
    this.#deadlines = new Deadlines(this.#clock, (entry) => this.#expired(entry));
    this.#connections = new ConnectionManager(connectionLimits(conf, options.descriptors));
    this.#memory = new RequestMemory(conf.get("hrpcd.server.request.bytes.max"));
    this.#users = new UserAccounts(conf.get("hrpcd.user.connections.max"));
    this.#backlogs = new Backlogs({
      pauseAt: conf.get("hrpcd.server.response.backlog.max"),
      maxPerPeer: conf.get("hrpcd.server.response.backlog.peer.max"),
      maxTotal: conf.get("hrpcd.server.response.backlog.total.max"),
      pause: (connection) => this.#reader(connection).backlogged(connection),
    });
    const backlog = (connection: Connection): void => this.#backlogs.grown(connection);
    this.#responder = new Responder(Object.assign(this.#responderLimits, { backlog }));
    const { descriptors } = options;
    this.#watch = descriptors && new DescriptorWatch(descriptors, () => this.#connections.makeRoom(clock.now()));
    const numHandlers = conf.get("hrpcd.handlers");
    this.#queue = new CallQueueManager<MadeCallQueue>(makeCallQueue(conf, conf.get("hrpcd.port"), clock), {
      admitted: ({ connection }) => this.#reader(connection).admitted(connection),
      makeRoom: () => this.#handlers.wake(),
      refused: ({ fatal }) => {
        this.#metrics.counters.rpcClientBackoff++;
        if (fatal) this.#metrics.counters.rpcClientBackoffDisconnected++;
      },
      maxBytes: conf.get("hrpcd.server.queue.bytes.max"),
      clock,
    });
    this.#slowCalls = new SlowCalls(conf, clock);
    const metrics = this.#makeMetrics();
    this.#metrics = metrics;
    this.#handlers = new HandlerPool({
      numHandlers,
      queue: this.#queue,
      responder: this.#responder,
      clock,
      listener: () => this.#ran,
      skipped: (details) => metrics.skipped(details),
    });
    this.#readers = this.#makeReaders();
    this.#listener = new Listener({
      bindAddress: conf.get("hrpcd.bind.address"),
      port: conf.get("hrpcd.port"),
      fd: options.listenFd,
      backlog: conf.get("ipc.server.listen.queue.size"),
      tcpNoDelay: conf.get("ipc.server.tcpnodelay"),
      accepted: (socket) => this.accept(socket),
      acceptFailed: ({ message }) => publish("hrpcd:connection:refused", () => ({ peer: "unknown", reason: message })),
    });
  }

  #makeMetrics(): ServerMetrics {
    const connections = this.#connections;
    const queue = this.#queue;
    const users = this.#users;
    const engaged = () => this.#handlers.engaged;
    return new ServerMetrics({
      conf: this.#conf,
      methods: this.#protocols.services.flatMap(({ definition }) => [...definition.methods.keys()]),
      clock: this.#clock,
      gauges: {
        get openConnections() {
          return connections.size;
        },
        connectionsPerUser: () => connectionsByName(users.all),
        get inProcessHandler() {
          return engaged();
        },
        get callQueueLength() {
          return queue.size;
        },
        slowCalls: () => this.#slowCalls.count,
      },
      queueParts: () => queue.parts,
      port: () => this.#address?.port ?? this.#conf.get("hrpcd.port"),
    });
  }

  #makeReaders(): readonly Reader[] {
    const conf = this.#conf;
    const limits: DecodeLimits = {
      maxEmptyItems: conf.get("hrpcd.decode.empty.items.max"),
      maxObjects: conf.get("hrpcd.decode.objects.max"),
      maxDepth: conf.get("hrpcd.decode.depth.max"),
      maxSchemaBytes: conf.get("hrpcd.decode.schema.max.length"),
    };
    const maxUserCalls = conf.get("hrpcd.user.calls.max") || Number.POSITIVE_INFINITY;
    const options = Object.assign(this.#readerLimits, {
      authMethod: simple,
      openSession: (kind: Parameters<ProtocolTable["engine"]>[0]) =>
        this.#protocols.engine(kind)?.openServer(this.#protocols, limits),
      waiting: () => this.#queue.size,
      submit: (call: ServerCall) => this.#queue.put(call),
      resubmit: (call: ServerCall) => {
        this.#metrics.counters.rpcRequeueCalls++;
        return this.#queue.putBack(call);
      },
      submitted: () => this.#handlers.wake(),
      refusal: ({ account }: Connection) => {
        if (this.#state !== "running") return SHUTTING_DOWN;
        if (account.calls < maxUserCalls) return undefined;
        this.#metrics.counters.rpcClientBackoff++;
        return TOO_BUSY;
      },
      openAccount: (name: string) => this.#openAccount(name),
      memoryFull: () => this.#connections.closeGreatest(),
      responder: this.#responder,
      deadlines: this.#deadlines,
      clock: this.#clock,
    });
    return Array.from({ length: conf.get("ipc.server.read.threadpool.size") }, () => new Reader(options));
  }

  /** Opens the port. Throws BIND_FAILED if that cannot be done, and BAD_DEFINITION if the server was started before. */
  async start(): Promise<this> {
    if (this.#state !== "new") {
      throw new RpcError("BAD_DEFINITION", "a server starts once: make another with createServer");
    }
    this.#state = "running";
    const address = await this.#listener.open();
    if (this.#stopped !== undefined) throw new RpcError("BIND_FAILED", "the server was stopped while it started");
    this.#address = { address: address.address, port: address.port };
    const scanMs = this.#conf.get("ipc.client.connection.idle-scan-interval.ms");
    const scan = this.#clock.every(scanMs, () => this.#connections.scan(this.#clock.now()));
    this.#scans = this.#watch === undefined ? [scan] : [scan, this.#watch.start(this.#clock)];
    this.#metrics.start();
    publish("hrpcd:server:listening", () => this.address);
    return this;
  }

  /** Where the server listens. Throws BAD_DEFINITION before `start` is done. */
  get address(): { readonly address: string; readonly port: number } {
    if (this.#address === undefined)
      throw new RpcError("BAD_DEFINITION", "the server has no address yet: await start()");
    return this.#address;
  }

  /** The port the server listens on. */
  get port(): number {
    return this.address.port;
  }

  /** Connections that are open now. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** What the call queue is made of now, and by which of Hadoop's names. */
  get callQueue(): MadeCallQueue {
    return this.#queue.parts;
  }

  /** Calls that wait for a handler. */
  get callQueueLength(): number {
    return this.#queue.size;
  }

  /** The server takes calls: it has started and does not drain. */
  get serving(): boolean {
    return this.#state === "running" && this.#address !== undefined;
  }

  /** What the server tells of itself, by Hadoop's names; to be read at any time. */
  get metrics(): MetricsSource {
    return this.#metrics;
  }

  /** Calls that fit into the call queue. */
  get queueCapacity(): number {
    return this.#queue.capacity;
  }

  /**
   * Swaps the call queue for one made of these settings, with its scheduler and back-off; port and number of handlers stay. Calls
   * that wait move over in their order, and those that find no room in it wait outside until they do. Throws SettingsError, and
   * changes nothing, for a queue that cannot be made (Hadoop: ipc/Server.java, refreshCallQueue).
   */
  refreshCallQueue(conf: Settings): void {
    const mine = conf.with({ "hrpcd.handlers": this.#conf.get("hrpcd.handlers") });
    this.#swapQueue(mine, makeCallQueue(mine, this.#conf.get("hrpcd.port"), this.#clock));
  }

  #swapQueue(conf: Settings, queue: MadeCallQueue): void {
    this.#queue.swap(queue);
    this.#queueMadeOf = queueSettings(conf);
    this.#metrics.swapped();
  }

  /** A handler ran a call: its times go to the metrics, which tell the scheduler, and to the rules for slow calls. */
  readonly #ran: ResponseTimeListener = (call, details, failure) => {
    this.#metrics.ran(call, details, failure);
    this.#slowCalls.listener?.(call, details);
  };

  /**
   * Takes from these settings what can change while the server runs: the keys that `conf/README.md` calls live, for connections
   * that are open too, but for `ipc.maximum.data.length`. The call queue is made anew if its settings or the number of
   * handlers have changed, as `refreshCallQueue` does it. Options that `createServer` was given go on beating settings. Throws
   * SettingsError, and changes nothing, for a queue that cannot be made.
   */
  reload(settings: Settings): void {
    const old = this.#conf;
    const port = old.get("hrpcd.port");
    const conf = withOptions({ ...this.#given, conf: settings }).with({ "hrpcd.port": port });
    const numHandlers = conf.get("hrpcd.handlers");
    const queue = queueSettings(conf) === this.#queueMadeOf ? undefined : makeCallQueue(conf, port, this.#clock);
    this.#conf = conf;
    this.#connections.limit(connectionLimits(conf, this.#given.descriptors));
    Object.assign(this.#readerLimits, readerLimits(conf));
    Object.assign(this.#responderLimits, responderLimits(conf));
    if (SLOW_CALL_KEYS.some((key) => conf.get(key) !== old.get(key))) this.#slowCalls.configure(conf);
    if (queue !== undefined) this.#swapQueue(conf, queue);
    this.#handlers.resize(numHandlers);
  }

  /** What is served, in the order in which it was given. */
  get services(): readonly Service[] {
    return this.#protocols.services;
  }

  /** Serves a connection that was made elsewhere: any stream of bytes with the members of ByteStream. */
  accept(stream: ByteStream): void {
    // Reset and other faults of a connection are followed by "close"; they are nobody else's business.
    stream.on("error", () => {});
    const nowMs = this.#clock.now();
    const running = this.#state === "running";
    const reason = running
      ? this.#connections.refusal(stream.remoteAddress ?? "unknown", nowMs)
      : "the server is stopping";
    if (reason !== undefined) {
      if (running) this.#metrics.counters.numDroppedConnections++;
      publish("hrpcd:connection:refused", () => ({ peer: `${stream.remoteAddress}:${stream.remotePort}`, reason }));
      stream.destroy();
      return;
    }
    const maxHandshake = this.#conf.get("hrpcd.server.handshake.max.length");
    const { counters } = this.#metrics;
    const connection = new Connection(stream, this.#deadlines, maxHandshake, nowMs, this.#memory, counters);
    const reader = this.#readers[this.#nextReader] as Reader;
    this.#nextReader = (this.#nextReader + 1) % this.#readers.length;
    this.#readerOf.set(connection, reader);
    this.#connections.add(connection);
    this.#deadlines.add(connection, nowMs + this.#conf.get("hrpcd.server.handshake.timeout.ms"));
    stream.on("drain", () => {
      this.#backlogs.gone(connection);
      reader.drained(connection);
    });
    stream.on("end", () => {
      if (!connection.over) connection.destroy("");
    });
    stream.on("close", () => {
      connection.destroy("");
      this.#backlogs.gone(connection);
      if (connection.account.connections > 0) this.#users.close(connection.account);
      this.#connections.remove(connection);
    });
    reader.add(connection);
  }

  /**
   * Stops serving: no new connection is accepted, new calls are answered with a RetriableException, calls in flight may take `graceMs`
   * (default `hrpcd.shutdown.grace.ms`) to end, then every connection is closed. A peer without a call that runs is told by a FATAL
   * RetriableException, so that it knows of every call that it sent whether it ran. Stopping twice is fine.
   */
  stop(graceMs: number = this.#conf.get("hrpcd.shutdown.grace.ms")): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #stop(graceMs: number): Promise<void> {
    if (this.#state === "new") {
      this.#state = "stopped";
      return;
    }
    this.#state = "draining";
    this.#listener.close();
    let timer: { stop(): void } | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = this.#clock.after(graceMs, resolve);
    });
    await Promise.race([this.#drained(), grace]);
    timer?.stop();
    this.#state = "stopped";
    for (const scan of this.#scans) scan.stop();
    this.#refuseWaiting();
    this.#queue.stop();
    this.#metrics.stop();
    this.#responder.flush();
    const linger = this.#clock.after(STOP_LINGER_MS, () => this.#connections.destroyWritten());
    await this.#connections.endAll((connection) => this.#leave(connection));
    linger.stop();
    this.#deadlines.stop();
  }

  /** Calls that the grace left no time for have not run: their callers are told so. */
  #refuseWaiting(): void {
    for (let call = this.#queue.take(); call !== undefined; call = this.#queue.take()) {
      this.#responder.respondError(call, SHUTTING_DOWN);
    }
  }

  /** Nobody can know how far a call came that still runs: its connection ends without a word, like any that is lost. */
  #leave(connection: Connection): void {
    for (const call of connection.takeHeld()) this.#responder.respondError(call, SHUTTING_DOWN);
    if (connection.callCount === 0) this.#responder.dismiss(connection, LEAVING);
    else connection.end("the server stopped");
  }

  /** Settles when no call waits or runs. */
  async #drained(): Promise<void> {
    while (this.#queue.size > 0 || this.#handlers.engaged > 0) {
      this.#handlers.wake();
      await this.#handlers.idle();
      await new Promise<void>((resolve) => {
        this.#clock.soon(resolve);
      });
    }
  }

  #openAccount(name: string): UserAccount {
    const account = this.#users.open(name);
    if (account !== undefined) return account;
    this.#metrics.counters.numDroppedConnections++;
    const most = this.#conf.get("hrpcd.user.connections.max");
    const message = `Server too busy - ${name} has ${most} connections, the most that hrpcd.user.connections.max allows`;
    throw new RpcError("ERROR_RPC_SERVER", message, { javaClass: JAVA_CLASS.retriable, fatal: true });
  }

  #reader(connection: Connection): Reader {
    return this.#readerOf.get(connection) as Reader;
  }

  #expired(entry: Connection | ServerCall): void {
    if (entry instanceof ServerCall) entry.cancel("the call's deadline passed");
    else this.#reader(entry).expired(entry);
  }
}

const SHUTTING_DOWN = new RpcError("ERROR_RPC_SERVER", "the server is shutting down: try again, or another server", {
  javaClass: JAVA_CLASS.retriable,
});

/** The answer to a call of a user who has as many in flight as allowed (Hadoop: CallQueueManager.CallQueueOverflowException). */
const TOO_BUSY = new RpcError("ERROR_RPC_SERVER", "Server too busy", { javaClass: JAVA_CLASS.retriable });
/** What `ipc.server.purge.interval` means when it is 0 (Hadoop: ipc/Server.java). */
const DEFAULT_PURGE_MINUTES = 15;

/** Open connections of each user; those that have not told a name are nobody's. */
function connectionsByName(accounts: Iterable<Readonly<UserAccount>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name, connections } of accounts) if (name !== "") counts.set(name, connections);
  return counts;
}

function connectionLimits(conf: Settings, descriptors: Descriptors | undefined): ConnectionManagerOptions {
  const reserve = conf.get("hrpcd.server.descriptors.reserve");
  return {
    maxConnections: conf.get("ipc.server.max.connections"),
    descriptors: descriptors && connectionsThatFit(descriptors, reserve),
    maxPerAddress: conf.get("hrpcd.server.connections.per.address.max"),
    idleThreshold: conf.get("ipc.client.idlethreshold"),
    maxIdleMs: conf.get("ipc.client.connection.maxidletime"),
    maxClosedPerScan: conf.get("ipc.client.kill.max"),
    idleTimeoutMs: conf.get("hrpcd.server.idle.timeout.ms"),
    purgeIntervalMs: (conf.get("ipc.server.purge.interval") || DEFAULT_PURGE_MINUTES) * 60_000,
  };
}

const LEAVING = new RpcError("FATAL_UNKNOWN", SHUTTING_DOWN.message, { javaClass: JAVA_CLASS.retriable });

/** How long a peer may take to read that the server leaves; who waits for nothing need not look. */
const STOP_LINGER_MS = 500;

/** What a call queue is made of, to be compared. */
function queueSettings(conf: Settings): string {
  const settings = conf.entries().filter(({ key }) => key === "hrpcd.handlers" || CALL_QUEUE_KEYS.includes(key));
  return JSON.stringify([settings, conf.portEntries()].map((entries) => entries.map(({ key, value }) => [key, value])));
}

function readerLimits(conf: Settings) {
  return {
    framesPerTurn: conf.get("hrpcd.server.frames.per.turn"),
    maxFrameLength: conf.get("ipc.maximum.data.length"),
    frameTimeoutMs: conf.get("hrpcd.server.frame.timeout.ms"),
    minFrameRate: conf.get("hrpcd.server.frame.min.rate"),
  };
}

function responderLimits(conf: Settings) {
  return {
    maxResponseBytes: conf.get("hrpcd.server.response.length.max"),
    largeResponseBytes: conf.get("ipc.server.max.response.size"),
    sendStacks: conf.get("hrpcd.server.error.stack"),
  };
}

/** The settings, with the options that say the same put on top. */
function withOptions(options: ServerOptions): Settings {
  const conf = options.conf ?? createSettings();
  const { bindAddress, port, numHandlers } = options;
  return conf.with({
    ...(bindAddress !== undefined && { "hrpcd.bind.address": bindAddress }),
    ...(port !== undefined && { "hrpcd.port": port }),
    ...(numHandlers !== undefined && { "hrpcd.handlers": numHandlers }),
  });
}
