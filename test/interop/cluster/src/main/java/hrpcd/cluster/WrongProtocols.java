package hrpcd.cluster;

import org.apache.hadoop.ha.proto.HAServiceProtocolProtos.HAServiceProtocolService;
import org.apache.hadoop.hdfs.protocol.proto.ClientNamenodeProtocolProtos.ClientNamenodeProtocol;
import org.apache.hadoop.ipc.ProtocolInfo;

/** What a NameNode serves not, asked of it by Hadoop's client. */
public final class WrongProtocols {
  private static final String CLIENT_PROTOCOL = "org.apache.hadoop.hdfs.protocol.ClientProtocol";

  private WrongProtocols() {}

  /** A version that is yet to come. */
  @ProtocolInfo(protocolName = CLIENT_PROTOCOL, protocolVersion = 7)
  public interface LaterVersion extends ClientNamenodeProtocol.BlockingInterface {}

  /** Methods that the protocol has not. */
  @ProtocolInfo(protocolName = CLIENT_PROTOCOL, protocolVersion = 1)
  public interface OtherMethods extends HAServiceProtocolService.BlockingInterface {}

  /** A protocol that nobody serves. */
  @ProtocolInfo(protocolName = "hrpcd.cluster.Nobodys", protocolVersion = 1)
  public interface Nobodys extends ClientNamenodeProtocol.BlockingInterface {}
}
