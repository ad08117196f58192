package demo;

import org.apache.hadoop.ipc.ProtocolInfo;

/** Does not extend VersionedProtocol. */
@ProtocolInfo(protocolName = "plain", protocolVersion = 2)
public interface Plain {
  int[] exchange(int[] values);

  Color[][] mix(Color color, long[] longs, byte[] bytes);
}
