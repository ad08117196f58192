/** A server under test and our client's ways to it. */

import { type Client, createClient, type Proxy as RemoteProxy } from "../../client/index.js";
import { MyInterface } from "../../daemon/services/greeter.js";
import { Everything, Versioned } from "./everything.js";
import type { ServerProcess } from "./programs.js";

export interface Session extends AsyncDisposable {
  readonly server: ServerProcess;
  /** `host:port` of the server. */
  readonly address: string;
  readonly client: Client;
  readonly everything: RemoteProxy<typeof Everything>;
  readonly versioned: RemoteProxy<typeof Versioned>;
  readonly tutorial: RemoteProxy<typeof MyInterface>;
}

/** Opens a client to a server; disposing of the session ends both. */
export function openSession(server: ServerProcess): Session {
  const address = `127.0.0.1:${server.port}`;
  const client = createClient({ user: "tester" });
  return {
    server,
    address,
    client,
    everything: client.getProxy(Everything, address),
    versioned: client.getProxy(Versioned, address),
    tutorial: client.getProxy(MyInterface, address),
    async [Symbol.asyncDispose]() {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
