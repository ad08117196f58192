package hrpcd.interop;

import static hrpcd.interop.Checks.isTrue;
import static hrpcd.interop.Checks.refused;
import static hrpcd.interop.Checks.same;

import Server.MyInterface;
import java.io.IOException;
import org.apache.hadoop.ipc.ProtocolProxy;
import org.apache.hadoop.ipc.ProtocolSignature;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.ipc.VersionedProtocol;

/** Versions and signatures: what a client can find out before it calls. */
final class VersionChecks {
  private final Checks checks;
  private final Target target;

  VersionChecks(Checks checks, Target target) {
    this.checks = checks;
    this.target = target;
  }

  void run() throws IOException {
    served();
    signatures();
    supported();
  }

  private void served() throws IOException {
    Versioned second = target.proxy(Versioned.class);
    VersionedV1 first = target.proxy(VersionedV1.class);
    MyInterface tutorial = target.proxy(MyInterface.class);
    checks.check(
        "two versions of one protocol are served on one port",
        () -> {
          same("v1:a", first.first("a"));
          same("v2:a", second.first("a"));
          same(5, second.second(2, 3));
        });
    checks.check(
        "the tutorial's interface, in a package called Server, is served",
        () -> same("hello,king", tutorial.helloWorld("king")));
    checks.check(
        "the tutorial's interface, named by annotation, is served",
        () -> same("hello,king", target.proxy(ClientProtocols.AnnotatedMyInterface.class).helloWorld("king")));
    checks.check(
        "getProtocolVersion answers the version that is served",
        () -> {
          Everything everything = target.proxy(Everything.class);
          same(3L, everything.getProtocolVersion(Everything.class.getName(), 3));
          same(3L, everything.getProtocolVersion(Everything.class.getName(), 99));
          same(1001L, tutorial.getProtocolVersion("Server.MyInterface", 1001));
        });
    checks.check(
        "getProtocolVersion answers the highest of two versions, on a connection for either",
        () -> {
          same(2L, second.getProtocolVersion(Versioned.class.getName(), 2));
          same(2L, first.getProtocolVersion(Versioned.class.getName(), 1));
        });
    checks.check(
        "getProtocolVersion on a connection for a protocol that nobody serves is refused",
        () -> {
          ClientProtocols.Unserved unserved = target.proxy(ClientProtocols.Unserved.class);
          String name = ClientProtocols.Unserved.class.getName();
          refused(
              "org.apache.hadoop.ipc.RpcServerException",
              "ERROR_RPC_SERVER",
              "Unknown protocol: " + name,
              () -> unserved.getProtocolVersion(name, 1));
        });
  }

  private void signatures() throws IOException {
    Everything everything = target.proxy(Everything.class);
    String name = Everything.class.getName();
    ProtocolSignature local = ProtocolSignature.getProtocolSignature(new EverythingService(), name, 3, 0);
    checks.check(
        "getProtocolSignature answers every method's hash in order",
        () -> {
          ProtocolSignature remote = everything.getProtocolSignature(name, 3, 0);
          same(3L, remote.getVersion());
          same(local.getMethods(), remote.getMethods());
        });
    checks.check(
        "getProtocolSignature answers no hashes to a client whose fingerprint is the same",
        () -> {
          int fingerprint = java.util.Arrays.hashCode(local.getMethods());
          ProtocolSignature remote = everything.getProtocolSignature(name, 3, fingerprint);
          same(3L, remote.getVersion());
          same(null, remote.getMethods());
        });
    checks.check(
        "getProtocolSignature of the tutorial's protocol has the hashes of the wire's description",
        () -> {
          VersionedProtocol tutorial = target.proxy(MyInterface.class);
          int[] hashes = tutorial.getProtocolSignature("Server.MyInterface", 1001, 0).getMethods();
          same(new int[] {-1603691201, -156921003, 2145063200}, hashes);
          same(null, tutorial.getProtocolSignature("Server.MyInterface", 1001, -1973442999).getMethods());
        });
    checks.check(
        "a client of the older of two versions gets the signature of the newer",
        () -> {
          VersionedV1 first = target.proxy(VersionedV1.class);
          same(2L, first.getProtocolSignature(Versioned.class.getName(), 1, 0).getVersion());
        });
  }

  private void supported() {
    checks.check(
        "isMethodSupported says yes for every method of a client with the same interface",
        () -> {
          ProtocolProxy<Everything> proxy = target.protocolProxy(Everything.class);
          isTrue(proxy.isMethodSupported("echoInt", int.class), "echoInt");
          isTrue(proxy.isMethodSupported("echoStringTable", String[][].class), "echoStringTable");
        });
    checks.check(
        "isMethodSupported tells a newer client which methods the server has",
        () -> {
          ProtocolProxy<ClientProtocols.EverythingMore> proxy =
              target.protocolProxy(ClientProtocols.EverythingMore.class);
          isTrue(proxy.isMethodSupported("echoInt", int.class), "echoInt(int)");
          isTrue(!proxy.isMethodSupported("echoInt", int.class, int.class), "echoInt(int, int)");
          isTrue(!proxy.isMethodSupported("echoInt", String.class), "echoInt(String)");
          isTrue(!proxy.isMethodSupported("unheardOf", String.class), "unheardOf(String)");
        });
    checks.check(
        "isMethodSupported throws VersionMismatch for a client of another version",
        () -> {
          ProtocolProxy<ClientProtocols.EverythingV4> proxy = target.protocolProxy(ClientProtocols.EverythingV4.class);
          Throwable thrown = Checks.thrown(() -> proxy.isMethodSupported("echoInt", int.class));
          same(RPC.VersionMismatch.class, thrown.getClass());
          same(4L, ((RPC.VersionMismatch) thrown).getClientVersion());
          same(3L, ((RPC.VersionMismatch) thrown).getServerVersion());
        });
  }
}
