/**
 * What the stages of a server count as they go: plain numbers, by Hadoop's names for them (ipc/metrics/RpcMetrics.java).
 * Whoever does a thing adds one to it; only a reading of the metrics looks at them.
 */
export class RpcCounters {
  /** Bytes read from sockets. */
  receivedBytes = 0;
  /** Bytes handed to sockets. */
  sentBytes = 0;
  /** Negotiations that proved who the peer is, and that failed; a connection without one counts as neither. */
  rpcAuthenticationSuccesses = 0;
  rpcAuthenticationFailures = 0;
  /** Connection contexts that were accepted, and refused. */
  rpcAuthorizationSuccesses = 0;
  rpcAuthorizationFailures = 0;
  /** Calls refused for overload, and those of them that cost their connection. */
  rpcClientBackoff = 0;
  rpcClientBackoffDisconnected = 0;
  /** Calls that a handler took and put back into the queue, because the peer did not read its answers. */
  rpcRequeueCalls = 0;
  /** Calls that were answered with a result. */
  rpcCallSuccesses = 0;
  /** Calls that handlers took, run or not. */
  totalRequests = 0;
  /** Connections closed at once because too many were open. */
  numDroppedConnections = 0;
}
