import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";
import { test } from "node:test";
import { createSettings } from "../../conf/index.js";
import { createHttpListener, type HttpListener, type Observed } from "../../daemon/http-listener.js";
import { counter } from "../../daemon/metrics.js";
import { subscribe } from "../../protocol/events.js";
import { ManualClock } from "../helpers/manual-clock.js";
import { fixedSource } from "../helpers/metrics.js";

const CONF = createSettings({ "hrpcd.http.port": 0 });
const RECORD = { source: "S", record: "rpc", context: "rpc", tags: [], metrics: [counter("Calls", 1, "calls")] };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function observed(): Mutable<Observed> {
  return { serving: true, callQueueLength: 0, queueCapacity: 10, metrics: fixedSource([RECORD]) };
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function ask(listener: HttpListener, path: string, options: http.RequestOptions = {}, body = ""): Promise<Answer> {
  const { address: host, port } = listener.address;
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

test("metrics, settings and health are answered, with headers that keep browsers from mischief", async () => {
  await using listener = await createHttpListener(observed(), CONF).start();
  assert.equal(listener.address.address, "127.0.0.1");
  const pages = ["/prom", "/jmx?qry=*:*", "/conf", "/health/live", "/health/ready"];
  const answers = await Promise.all(pages.map((path) => ask(listener, path)));
  const contents = [/^rpc_calls\{.*\} 1$/m, /"Calls": 1/, /<name>hrpcd.http.port<\/name>/, /^ok$/m, /^ok$/m];
  for (const [i, { status, headers, body }] of answers.entries()) {
    assert.equal(status, 200, pages[i]);
    assert.match(body, contents[i] as RegExp);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["x-frame-options"], "DENY");
    assert.equal(headers["cache-control"], "no-store");
    assert.match(String(headers["content-security-policy"]), /default-src 'none'/);
  }
});

test("settings come as JSON to who accepts JSON", async () => {
  await using listener = await createHttpListener(observed(), CONF).start();
  const { headers } = await ask(listener, "/conf", { headers: { accept: "application/json" } });
  assert.match(String(headers["content-type"]), /^application\/json/);
});

test("a head has no body, another method and another path are refused", async () => {
  await using listener = await createHttpListener(observed(), CONF).start();
  const head = await ask(listener, "/health/live", { method: "HEAD" });
  assert.deepEqual([head.status, head.body, head.headers["content-length"]], [200, "", "3"]);
  for (const method of ["TRACE", "POST", "OPTIONS", "DELETE"]) {
    const { status, headers } = await ask(listener, "/prom", { method }, method === "POST" ? "body" : "");
    assert.deepEqual([status, headers.allow, headers.connection], [405, "GET, HEAD", "close"], method);
  }
  for (const path of ["/", "/prom/", "/../conf", "/__proto__"]) {
    assert.equal((await ask(listener, path)).status, 404, path);
  }
});

test("the server is unready while it drains and while its queue is full, and lives all the time", async () => {
  const clock = new ManualClock();
  const load = observed();
  await using listener = await createHttpListener(load, CONF, { clock }).start();
  const statuses = async (): Promise<number[]> =>
    [await ask(listener, "/health/ready"), await ask(listener, "/health/live")].map(({ status }) => status);
  assert.deepEqual(await statuses(), [200, 200]);
  load.callQueueLength = 10;
  clock.advance(500);
  assert.deepEqual(await statuses(), [503, 200]);
  load.callQueueLength = 0;
  clock.advance(2000);
  assert.deepEqual(await statuses(), [200, 200]);
  load.serving = false;
  assert.deepEqual(await statuses(), [503, 200]);
});

test("a page that cannot be made costs its request, and is told", async () => {
  const load = observed();
  load.metrics = {
    records: () => {
      throw new Error("secret");
    },
    beans: () => [],
  };
  const paths: string[] = [];
  const stop = subscribe("hrpcd:http:failed", ({ path }) => paths.push(path));
  await using listener = await createHttpListener(load, CONF).start();
  for (const path of ["/prom", "/jmx"]) {
    const { status, body } = await ask(listener, path);
    assert.equal(status, 500);
    assert.doesNotMatch(body, /secret/);
  }
  stop();
  assert.deepEqual(paths, ["/prom", "/jmx"]);
  assert.equal((await ask(listener, "/health/live")).status, 200);
});

/** What comes back for these bytes, up to the end of the connection. */
function exchange(listener: HttpListener, bytes: string): Promise<string> {
  const { address: host, port } = listener.address;
  return new Promise((resolve) => {
    const socket = net.connect({ host, port }, () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

test("what is no HTTP, headers without end and CONNECT end their connection", async () => {
  await using listener = await createHttpListener(observed(), CONF).start();
  assert.match(await exchange(listener, "hrpc\u0009\u0000\u0000\r\n\r\n"), /^HTTP\/1\.1 400 /);
  assert.match(await exchange(listener, `GET / HTTP/1.1\r\nx: ${"a".repeat(10_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
  assert.equal(await exchange(listener, "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n"), "");
  assert.equal((await ask(listener, "/health/live")).status, 200);
});

test("stopping ends connections that do nothing, and may be done twice", async () => {
  const listener = await createHttpListener(observed(), CONF).start();
  const silent = exchange(listener, "GET /prom HTTP/1.1\r\n");
  await ask(listener, "/health/live");
  await listener.stop();
  await listener.stop();
  assert.equal(await silent, "");
});

test("a port that is taken is said, with what to do", async () => {
  await using first = await createHttpListener(observed(), CONF).start();
  const conf = CONF.with({ "hrpcd.http.port": first.address.port });
  await assert.rejects(createHttpListener(observed(), conf).start(), {
    code: "BIND_FAILED",
    message: /choose another hrpcd\.http\.address or hrpcd\.http\.port/,
  });
});
