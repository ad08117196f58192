/** Keys of Hadoop's RPC that this version does not read: to set one is no mistake, but it changes nothing. */

/** Each key with Hadoop's default (core-default.xml of 3.4): to set that default asks for nothing. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ["hadoop.rpc.protection", "authentication"],
  ["hadoop.rpc.socket.factory.class.ClientProtocol", ""],
  ["hadoop.rpc.socket.factory.class.default", "org.apache.hadoop.net.StandardSocketFactory"],
  ["hadoop.security.auth_to_local", ""],
  ["hadoop.security.auth_to_local.mechanism", "hadoop"],
  ["hadoop.security.authorization", "false"],
  ["hadoop.security.impersonation.provider.class", ""],
  ["hadoop.security.sasl.CustomizedCallbackHandler.class", ""],
  ["hadoop.security.sasl.mechanism", "DIGEST-MD5"],
  ["hadoop.security.saslproperties.resolver.class", ""],
  ["hadoop.security.secret-manager.key-generator.algorithm", "HmacSHA1"],
  ["hadoop.security.secret-manager.key-length", "64"],
  ["hadoop.security.service.user.name.key", ""],
  ["hadoop.service.shutdown.timeout", "30s"],
  ["hadoop.socks.server", ""],
  ["ipc.client.async.calls.max", "100"],
  ["ipc.client.bind.wildcard.addr", "false"],
  ["ipc.client.connect.max.retries.on.sasl", "5"],
  ["ipc.client.fallback-to-simple-auth-allowed", "false"],
  ["ipc.client.low-latency", "false"],
  ["ipc.server.read.connection-queue.size", "100"],
  ["ipc.server.reuseaddr", "true"],
  ["security.service.authorization.default.acl", ""],
  ["security.service.authorization.default.acl.blocked", ""],
]);

/** Rules of who may act for whom: here nobody may. */
const PROXY_USER_KEY = /^hadoop\.proxyuser\./;

/** Whether Hadoop would do something for this key and value that this version does not. */
export function isUnsupported(key: string, value: string): boolean {
  return PROXY_USER_KEY.test(key) || (DEFAULTS.has(key) && DEFAULTS.get(key) !== value.trim());
}

/** Whether the key is one of those, whatever its value. */
export function isKnownUnsupportedKey(key: string): boolean {
  return PROXY_USER_KEY.test(key) || DEFAULTS.has(key);
}
