/** Where a server is. */
import { RpcError } from "../protocol/rpc-error.js";

/** A host and a port. */
export interface Address {
  /** A name or an IP address, without brackets, in lower case. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** `host:port` or `[host]:port`, as `parseAddress` reads it. */
  readonly text: string;
}

/** Reads `host:port` or `[IPv6 address]:port`; throws BAD_DEFINITION. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+(?:%[^\]\s]+)?)\]|([^\s:[\]/@]+)):([0-9]{1,5})$/.exec(String(text));
  const host = (match?.[1] ?? match?.[2])?.toLowerCase();
  const port = Number(match?.[3]);
  if (host === undefined || !(port >= 1 && port <= 65535)) {
    throw new RpcError(
      "BAD_DEFINITION",
      `bad address ${JSON.stringify(text)}: expected host:port or [IPv6 address]:port with a port of 1 to 65535, such as "localhost:7788"`,
    );
  }
  return { host, port, text: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}` };
}
