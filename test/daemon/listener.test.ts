import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { test } from "node:test";
import { Listener } from "../../daemon/listener.js";
import { RpcError } from "../../protocol/rpc-error.js";

function listener(
  options: { port?: number; bindAddress?: string; accepted?: (socket: net.Socket) => void } = {},
): Listener {
  const { port = 0, bindAddress = "127.0.0.1", accepted = () => {} } = options;
  return new Listener({ bindAddress, port, backlog: 16, tcpNoDelay: true, accepted, acceptFailed: () => {} });
}

async function bindFailure(options: { port?: number; bindAddress?: string }): Promise<RpcError> {
  const failure = await listener(options)
    .open()
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  assert.ok(failure instanceof RpcError);
  assert.equal(failure.code, "BIND_FAILED");
  return failure;
}

test("port 0 takes a free port and says which, and a closed listener frees it", async () => {
  const accepted: net.Socket[] = [];
  const first = listener({ accepted: (socket) => accepted.push(socket) });
  const { port, address } = await first.open();
  assert.equal(address, "127.0.0.1");
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "connect");
  while (accepted.length === 0) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  accepted[0]?.destroy();
  first.close();
  const second = listener({ port });
  assert.equal((await second.open()).port, port);
  second.close();
});

test("a port that is taken is refused with what to do", async () => {
  const taken = listener();
  const { port } = await taken.open();
  const { message, cause } = await bindFailure({ port });
  assert.equal(
    message,
    `cannot listen on 127.0.0.1:${port}: another program listens there: stop it, or choose another port (0 takes any free one)`,
  );
  assert.equal((cause as NodeJS.ErrnoException).code, "EADDRINUSE");
  taken.close();
});

test("an address that this machine does not have is refused with its name", async () => {
  const { message } = await bindFailure({ bindAddress: "192.0.2.1" });
  assert.equal(message, "cannot listen on 192.0.2.1:0: this machine has no such address");
});

test("failures to accept are told, every one, and end nothing", async (t) => {
  const failures: string[] = [];
  let server: net.Server | undefined;
  const { createServer } = net;
  t.mock.method(net, "createServer", (...args: never[]) => {
    server = (createServer as (...given: never[]) => net.Server)(...args);
    return server;
  });
  const open = new Listener({
    bindAddress: "127.0.0.1",
    port: 0,
    backlog: 16,
    tcpNoDelay: true,
    accepted: () => {},
    acceptFailed: (error) => failures.push(error.message),
  });
  await open.open();
  server?.emit("error", new Error("accept EMFILE"));
  server?.emit("error", new Error("accept EMFILE"));
  assert.deepEqual(failures, ["accept EMFILE", "accept EMFILE"]);
  assert.equal(server?.listening, true);
  open.close();
});
