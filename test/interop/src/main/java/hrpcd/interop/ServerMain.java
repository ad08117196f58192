package hrpcd.interop;

import Server.MyInterface;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.ipc.WritableRpcEngine;

/**
 * A Hadoop server for our client: prints {@code LISTENING <port>} and serves until its standard input ends.
 *
 * <p>Arguments are settings, {@code key=value} each.
 */
public final class ServerMain {
  private static final int HANDLERS = 8;

  private ServerMain() {}

  public static void main(String[] args) throws Exception {
    Configuration conf = new Configuration();
    for (String setting : args) {
      int equals = setting.indexOf('=');
      conf.set(setting.substring(0, equals), setting.substring(equals + 1));
    }
    for (Class<?> protocol : new Class<?>[] {Everything.class, MyInterface.class, Versioned.class, VersionedV1.class}) {
      RPC.setProtocolEngine(conf, protocol, WritableRpcEngine.class);
    }
    RPC.Server server =
        new RPC.Builder(conf)
            .setProtocol(Everything.class)
            .setInstance(new EverythingService())
            .setBindAddress("127.0.0.1")
            .setPort(0)
            .setNumHandlers(HANDLERS)
            .build();
    server.addProtocol(RPC.RpcKind.RPC_WRITABLE, MyInterface.class, new SmallServices.Greeter());
    server.addProtocol(RPC.RpcKind.RPC_WRITABLE, Versioned.class, new SmallServices.Second());
    server.addProtocol(RPC.RpcKind.RPC_WRITABLE, VersionedV1.class, new SmallServices.First());
    ProtobufServices.addTo(server);
    server.start();
    System.out.println("LISTENING " + server.getListenerAddress().getPort());
    while (System.in.read() != -1) {
      // Nothing is expected; the end of the input is the sign to leave.
    }
    server.stop();
    System.exit(0);
  }
}
