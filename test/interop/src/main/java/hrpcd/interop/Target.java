package hrpcd.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.ipc.ProtocolProxy;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.ipc.WritableRpcEngine;
import org.apache.hadoop.net.NetUtils;
import org.apache.hadoop.security.UserGroupInformation;

/** The server under test: makes proxies to it. */
final class Target {
  private static final int CALL_TIMEOUT_MS = 60_000;

  private final InetSocketAddress address;
  private final Configuration conf;

  Target(InetSocketAddress address, Configuration conf) {
    this.address = address;
    this.conf = conf;
  }

  /** The same server, asked with one more setting. */
  Target with(String key, String value) {
    Configuration changed = new Configuration(conf);
    changed.set(key, value);
    return new Target(address, changed);
  }

  /** A proxy for this process's user. Proxies of one protocol and user share a connection. */
  <T> T proxy(Class<T> protocol) throws IOException {
    return protocolProxy(protocol, UserGroupInformation.getCurrentUser(), CALL_TIMEOUT_MS).getProxy();
  }

  /** A proxy for another user, and so on a connection of its own. */
  <T> T proxy(Class<T> protocol, UserGroupInformation user) throws IOException {
    return protocolProxy(protocol, user, CALL_TIMEOUT_MS).getProxy();
  }

  /** A proxy whose calls fail after this many milliseconds. */
  <T> T proxy(Class<T> protocol, int timeoutMs) throws IOException {
    return protocolProxy(protocol, UserGroupInformation.getCurrentUser(), timeoutMs).getProxy();
  }

  /** A proxy that knows what the server's version of the protocol has. */
  <T> ProtocolProxy<T> protocolProxy(Class<T> protocol) throws IOException {
    return protocolProxy(protocol, UserGroupInformation.getCurrentUser(), CALL_TIMEOUT_MS);
  }

  /** A proxy for an interface that protoc made. */
  <T> T protobufProxy(Class<T> protocol) throws IOException {
    return protobufProxy(protocol, UserGroupInformation.getCurrentUser());
  }

  /** A proxy for an interface that protoc made, for another user. */
  <T> T protobufProxy(Class<T> protocol, UserGroupInformation user) throws IOException {
    return protocolProxy(protocol, user, CALL_TIMEOUT_MS, Engines.protobuf()).getProxy();
  }

  /** The server's address, for Hadoop's classes that make a proxy of their own. */
  InetSocketAddress address() {
    return address;
  }

  /** The settings, likewise. */
  Configuration conf() {
    return conf;
  }

  private <T> ProtocolProxy<T> protocolProxy(Class<T> protocol, UserGroupInformation user, int timeoutMs)
      throws IOException {
    return protocolProxy(protocol, user, timeoutMs, WritableRpcEngine.class);
  }

  private <T> ProtocolProxy<T> protocolProxy(
      Class<T> protocol, UserGroupInformation user, int timeoutMs, Class<?> engine) throws IOException {
    Configuration settings = new Configuration(conf);
    RPC.setProtocolEngine(settings, protocol, engine);
    return RPC.getProtocolProxy(
        protocol,
        RPC.getProtocolVersion(protocol),
        address,
        user,
        settings,
        NetUtils.getDefaultSocketFactory(settings),
        timeoutMs,
        null);
  }

  /** Runs as another user, with everything that Hadoop reads from the current user. */
  static <R> R as(UserGroupInformation user, PrivilegedExceptionAction<R> action) throws Exception {
    return user.doAs(action);
  }
}
