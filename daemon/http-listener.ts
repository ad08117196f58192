/**
 * The HTTP listener: what operators and their programs read of a server. It answers GET and HEAD, and nothing that a request
 * holds but path and query is looked at.
 *
 * ```
 *   /prom            metrics for Prometheus, by Hadoop's names
 *   /jmx             the same as JSON, in the shape of JMX: ?qry=<pattern>, ?get=<bean>::<attribute>
 *   /conf            the settings in force: ?format=json|xml, ?name=<key>
 *   /health/live     200 while the event loop turns
 *   /health/ready    200 while the server takes calls and has room for them, else 503
 * ```
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Settings } from "../conf/index.js";
import { publish } from "../protocol/events.js";
import { RpcError } from "../protocol/rpc-error.js";
import { type Clock, systemClock } from "./clock.js";
import type { MetricsSource } from "./metrics.js";
import type { MetricsSink, Page } from "./metrics-sink.js";
import { JmxSink } from "./metrics-sinks/jmx.js";
import { type Load, Readiness } from "./readiness.js";
import { SettingsPage } from "./settings-page.js";

/** Programs that read metrics and health are few; whoever opens more connections is turned away. */
const MAX_CONNECTIONS = 64;
/** A request has a line and some headers. */
const MAX_HEADER_BYTES = 8192;
const HEADERS_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
/** A peer that neither sends nor reads for so long is gone. */
const IDLE_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 5000;
/** How often time limits are looked at. */
const CHECK_MS = 1000;

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** What a listener shows: a server of `createServer` is one. */
export interface Observed extends Load {
  readonly metrics: MetricsSource;
}

/** What a listener may be given besides. */
export interface HttpListenerOptions {
  /** The settings that /conf shows, asked at each request; default: those that the listener was made of. */
  readonly settings?: () => Settings;
  readonly clock?: Pick<Clock, "every">;
}

/** A listener: made by `createHttpListener`, opened by `start`, ended by `stop` or at the end of an `await using` scope. */
export class HttpListener implements AsyncDisposable {
  readonly #bindAddress: string;
  readonly #port: number;
  readonly #pages = new Map<string, MetricsSink>();
  readonly #observed: Observed;
  readonly #clock: Pick<Clock, "every">;
  readonly #server: http.Server;
  #readiness: Readiness | undefined;

  constructor(observed: Observed, conf: Settings, { settings = () => conf, clock = systemClock }: HttpListenerOptions) {
    this.#bindAddress = conf.get("hrpcd.http.address");
    this.#port = conf.get("hrpcd.http.port");
    this.#observed = observed;
    this.#clock = clock;
    this.#pages.set("/jmx", new JmxSink(observed.metrics, conf.get("hrpcd.metrics.service")));
    this.#pages.set("/conf", new SettingsPage(settings));
    this.#pages.set("/health/live", { page: () => health(undefined) });
    this.#pages.set("/health/ready", { page: () => health(this.#readiness?.reason ?? undefined) });
    this.#server = http.createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connectionsCheckingInterval: CHECK_MS,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.setTimeout(IDLE_TIMEOUT_MS);
  }

  /** Opens the port. Throws BIND_FAILED if that cannot be done. */
  async start(): Promise<this> {
    // Only a listener that is wanted loads prom-client.
    const { PrometheusSink } = await import("./metrics-sinks/prometheus.js");
    this.#pages.set("/prom", new PrometheusSink(this.#observed.metrics));
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (cause) => {
        const where = `${this.#bindAddress}:${this.#port}`;
        const remedy = "choose another hrpcd.http.address or hrpcd.http.port (0 takes any free one)";
        reject(
          new RpcError("BIND_FAILED", `cannot listen for HTTP on ${where}: ${cause.message}: ${remedy}`, { cause }),
        );
      });
      this.#server.listen(this.#port, this.#bindAddress, resolve);
    });
    // A connection that cannot be accepted is nobody's loss.
    this.#server.removeAllListeners("error").on("error", () => {});
    this.#readiness = new Readiness(this.#observed, this.#clock);
    return this;
  }

  /** Where the listener listens. Throws BAD_DEFINITION before `start` is done. */
  get address(): { readonly address: string; readonly port: number } {
    const address = this.#server.address() as AddressInfo | null;
    if (address === null) throw new RpcError("BAD_DEFINITION", "the HTTP listener has no address: await start()");
    return { address: address.address, port: address.port };
  }

  /** Closes the port and every connection. Stopping twice is fine. */
  async stop(): Promise<void> {
    this.#readiness?.stop();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const [path = "", query = ""] = split(request.url ?? "", "?");
    let page: Page;
    try {
      page = await this.#page(request, path, query);
    } catch (error) {
      publish("hrpcd:http:failed", () => ({ path, error }));
      page = text(500, "this page could not be made: the log of the daemon says why");
    }
    // A body is not read: the connection cannot be used again.
    const close = page.status === 405 || request.headers["content-length"] !== undefined || isChunked(request);
    response.writeHead(page.status, {
      ...SECURITY_HEADERS,
      "content-type": page.contentType,
      "content-length": Buffer.byteLength(page.body),
      ...(page.status === 405 && { allow: "GET, HEAD" }),
      ...(close && { connection: "close" }),
    });
    response.end(request.method === "HEAD" ? undefined : page.body);
  }

  #page({ method = "", headers }: http.IncomingMessage, path: string, query: string): Page | Promise<Page> {
    if (method !== "GET" && method !== "HEAD") return text(405, "only GET and HEAD are answered");
    const sink = this.#pages.get(path);
    if (sink === undefined) return text(404, `there are: ${[...this.#pages.keys()].sort().join(" ")}`);
    const parameters = new URLSearchParams(query);
    if (path === "/conf" && !parameters.has("format") && headers.accept?.includes("json")) {
      parameters.set("format", "json");
    }
    return sink.page(parameters);
  }
}

/**
 * A listener for a server's metrics, health and settings, on `hrpcd.http.address` and `hrpcd.http.port`; `start` opens it. It
 * may be opened before the server, and should be stopped after it, so that it tells of the end.
 */
export function createHttpListener(server: Observed, conf: Settings, options: HttpListenerOptions = {}): HttpListener {
  return new HttpListener(server, conf, options);
}

function health(reason: string | undefined): Page {
  return text(reason === undefined ? 200 : 503, reason ?? "ok");
}

function text(status: number, message: string): Page {
  return { status, contentType: "text/plain; charset=utf-8", body: `${message}\n` };
}

function split(whole: string, at: string): readonly [string, string] {
  const index = whole.indexOf(at);
  return index < 0 ? [whole, ""] : [whole.slice(0, index), whole.slice(index + 1)];
}

function isChunked({ headers }: http.IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined;
}
