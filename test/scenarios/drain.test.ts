/** The program is stopped while clients call it in a loop: every call has its answer, or is known not to have run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, createClient } from "../../client/index.js";
import { createSettings } from "../../conf/index.js";
import { RpcError, writable } from "../../protocol/index.js";
import { DaemonProcess } from "../helpers/daemon-process.js";
import { Directory } from "../helpers/service-files.js";

const CLIENTS = 32;
const CALLS_IN_FLIGHT = 4;
const CALLS_BEFORE_STOP = 20_000;

const Echo = writable({
  protocol: "a.Echo",
  version: 1,
  methods: { echo: { parameters: ["java.lang.String"], returns: "java.lang.String" } },
});

/** Counts what ran on standard error's line at the end, and answers some calls a little later. */
const SERVICE = `
  let ran = 0;
  export default {
    services: [echo("a.Echo", (text) => {
      ran++;
      return ran % 3 === 0 ? new Promise((resolve) => setTimeout(resolve, 2, text)) : text;
    })],
    stop: () => { console.log("ran " + ran); },
  };`;

/** Calls until the server refuses; gives the answers and the error of the last call. */
async function callOn(client: Client, address: string, answered: () => void): Promise<RpcError> {
  const echo = client.getProxy(Echo, address);
  for (let i = 0; ; i++) {
    try {
      assert.equal(await echo.echo(String(i)), String(i));
      answered();
    } catch (error) {
      assert.ok(error instanceof RpcError, String(error));
      return error;
    }
  }
}

test("SIGTERM under load: every call is answered or refused before it ran, nothing runs unseen, and the exit code is 0", async () => {
  using directory = new Directory();
  directory.module("echo.mjs", SERVICE);
  directory.settings({ "hrpcd.services": "./echo.mjs" });
  await using daemon = new DaemonProcess(["start", "--config", directory.path, "--port", "0"]);
  const address = `127.0.0.1:${await daemon.port()}`;
  const conf = createSettings({ "ipc.client.connect.max.retries": 0 });
  const clients = Array.from({ length: CLIENTS }, () => createClient({ conf, user: "caller" }));
  let answered = 0;
  const onAnswer = (): void => {
    answered++;
    if (answered === CALLS_BEFORE_STOP) daemon.kill("SIGTERM");
  };
  const loops = clients.flatMap((client) =>
    Array.from({ length: CALLS_IN_FLIGHT }, () => callOn(client, address, onAnswer)),
  );
  const errors = await Promise.all(loops);
  const { code, stdout } = await daemon.finished();
  for (const client of clients) await client.close();
  assert.equal(code, 0);
  assert.ok(answered >= CALLS_BEFORE_STOP);
  for (const { outcome, code: what, message } of errors) {
    assert.ok(outcome === "refused" || outcome === "not-sent", `${what} (${outcome}): ${message}`);
  }
  assert.equal(stdout, `ran ${answered}\n`);
});
