package Server;

import java.io.IOException;
import org.apache.hadoop.ipc.VersionedProtocol;

/**
 * The protocol that Hadoop RPC tutorials begin with. Its wire name is the name of its class: {@code Server.MyInterface}
 * for an interface in a package called Server, as here. An interface nested in a class Server is called
 * {@code Server$MyInterface} and needs {@code @ProtocolInfo(protocolName = "Server.MyInterface")} to meet the daemon's.
 */
public interface MyInterface extends VersionedProtocol {
  long versionID = 1001L;

  String helloWorld(String name) throws IOException;
}
