package hrpcd.interop;

import Server.MyInterface;
import java.io.IOException;
import org.apache.hadoop.ipc.ProtocolSignature;

/** The services beside Everything. */
final class SmallServices {
  private SmallServices() {}

  /** The tutorial's service: what the daemon serves out of the box, in Java. */
  static final class Greeter implements MyInterface {
    @Override
    public long getProtocolVersion(String protocol, long clientVersion) {
      return MyInterface.versionID;
    }

    @Override
    public ProtocolSignature getProtocolSignature(String protocol, long clientVersion, int hash) throws IOException {
      return ProtocolSignature.getProtocolSignature(this, protocol, clientVersion, hash);
    }

    @Override
    public String helloWorld(String name) {
      return "hello," + name;
    }
  }

  /** Version 2 of the protocol that is served in two versions. */
  static final class Second implements Versioned {
    @Override
    public long getProtocolVersion(String protocol, long clientVersion) {
      return Versioned.versionID;
    }

    @Override
    public ProtocolSignature getProtocolSignature(String protocol, long clientVersion, int hash) throws IOException {
      return ProtocolSignature.getProtocolSignature(this, protocol, clientVersion, hash);
    }

    @Override
    public String first(String text) {
      return "v2:" + text;
    }

    @Override
    public int second(int a, int b) {
      return a + b;
    }
  }

  /** Version 1 of it. */
  static final class First implements VersionedV1 {
    @Override
    public long getProtocolVersion(String protocol, long clientVersion) {
      return VersionedV1.versionID;
    }

    @Override
    public ProtocolSignature getProtocolSignature(String protocol, long clientVersion, int hash) throws IOException {
      return ProtocolSignature.getProtocolSignature(this, protocol, clientVersion, hash);
    }

    @Override
    public String first(String text) {
      return "v1:" + text;
    }
  }
}
