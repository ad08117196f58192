package hrpcd.interop;

import java.io.IOException;
import org.apache.hadoop.ipc.ProtocolInfo;
import org.apache.hadoop.ipc.VersionedProtocol;

/** Protocols that a client has and the server serves differently or not at all. */
final class ClientProtocols {
  private ClientProtocols() {}

  /** Everything as a newer client would have it. */
  @ProtocolInfo(protocolName = "hrpcd.interop.Everything", protocolVersion = 4)
  public interface EverythingV4 extends VersionedProtocol {
    long versionID = 4L;

    int echoInt(int value) throws IOException;
  }

  /** Everything as an older client would have it. */
  @ProtocolInfo(protocolName = "hrpcd.interop.Everything", protocolVersion = 2)
  public interface EverythingV2 extends VersionedProtocol {
    long versionID = 2L;

    int echoInt(int value) throws IOException;
  }

  /** Everything of the served version with methods and an overload that the server lacks. */
  @ProtocolInfo(protocolName = "hrpcd.interop.Everything", protocolVersion = 3)
  public interface EverythingMore extends VersionedProtocol {
    long versionID = 3L;

    int echoInt(int value) throws IOException;

    int echoInt(int value, int other) throws IOException;

    int echoInt(String value) throws IOException;

    String unheardOf(String value) throws IOException;
  }

  /** A version that is higher than every served one. */
  @ProtocolInfo(protocolName = "hrpcd.interop.Versioned", protocolVersion = 3)
  public interface VersionedV3 extends VersionedProtocol {
    long versionID = 3L;

    String first(String text) throws IOException;
  }

  /** A protocol that nobody serves. */
  public interface Unserved extends VersionedProtocol {
    long versionID = 1L;

    String hello(String name) throws IOException;
  }

  /** The tutorial's protocol, as it looks when the interface is nested in a class and named by annotation. */
  @ProtocolInfo(protocolName = "Server.MyInterface", protocolVersion = 1001)
  public interface AnnotatedMyInterface extends VersionedProtocol {
    long versionID = 1001L;

    String helloWorld(String name) throws IOException;
  }
}
