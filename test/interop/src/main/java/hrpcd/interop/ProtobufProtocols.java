package hrpcd.interop;

import org.apache.hadoop.ipc.ProtocolInfo;
import org.apache.hadoop.tracing.TraceAdminPB.TraceAdminService;

/**
 * Protocols of our own over protobuf. Their messages are those of a service that lies in every hadoop-common and that no
 * server offers: {@code TraceAdminService}. So nothing here names protobuf, whose package differs between Hadoop 2 and 3.
 */
final class ProtobufProtocols {
  private ProtobufProtocols() {}

  /** The higher of two versions that are served. */
  @ProtocolInfo(protocolName = "hrpcd.interop.Raw", protocolVersion = 5)
  public interface RawPB extends TraceAdminService.BlockingInterface {}

  /** The lower one. */
  @ProtocolInfo(protocolName = "hrpcd.interop.Raw", protocolVersion = 3)
  public interface RawV3PB extends TraceAdminService.BlockingInterface {}

  /** A version that no server has. */
  @ProtocolInfo(protocolName = "hrpcd.interop.Raw", protocolVersion = 9)
  public interface RawV9PB extends TraceAdminService.BlockingInterface {}

  /** A protocol that no server has. */
  @ProtocolInfo(protocolName = "hrpcd.interop.UnservedRaw", protocolVersion = 1)
  public interface UnservedRawPB extends TraceAdminService.BlockingInterface {}
}
