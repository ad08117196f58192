package hrpcd.interop;

import static hrpcd.interop.Checks.refused;
import static hrpcd.interop.Checks.same;
import static hrpcd.interop.Checks.thrown;
import static hrpcd.interop.Checks.unwraps;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.RpcServerException;

/** Every way a call can fail, and that the connection outlives it. */
final class FailureChecks {
  private static final String APPLICATION = "ERROR_APPLICATION";
  private static final String MISMATCH = "ERROR_RPC_VERSION_MISMATCH";

  private final Checks checks;
  private final Target target;

  FailureChecks(Checks checks, Target target) {
    this.checks = checks;
    this.target = target;
  }

  void run() throws IOException {
    Everything proxy = target.proxy(Everything.class);
    exceptions(proxy);
    refusals();
    checks.check("the connection carries calls after all these failures", () -> same(5, proxy.echoInt(5)));
    checks.check(
        "a call that takes longer than its timeout fails with SocketTimeoutException",
        () -> {
          Everything hasty = target.proxy(Everything.class, 400);
          same(SocketTimeoutException.class, thrown(() -> hasty.slow(3_000, "late")).getClass());
          same("soon", hasty.slow(1, "soon"));
        });
  }

  private void exceptions(Everything proxy) {
    checks.check(
        "an IOException arrives with its class and message",
        () -> {
          RemoteException remote =
              refused("java.io.IOException", APPLICATION, "disk gone", () -> proxy.failWithIOException("disk gone"));
          unwraps(IOException.class, remote);
          same("disk gone", Checks.firstLine(remote.unwrapRemoteException().getMessage()));
        });
    checks.check(
        "a FileNotFoundException arrives with its class and message",
        () ->
            unwraps(
                FileNotFoundException.class,
                refused(
                    "java.io.FileNotFoundException",
                    APPLICATION,
                    "/no/such/file",
                    () -> proxy.failWithFileNotFound("/no/such/file"))));
    checks.check(
        "an exception of the service's own arrives with its class and message",
        () ->
            unwraps(
                InteropException.class,
                refused(
                    "hrpcd.interop.InteropException",
                    APPLICATION,
                    "caf\u00e9 \ud83d\ude00",
                    () -> proxy.failWithCustom("caf\u00e9 \ud83d\ude00"))));
    checks.check(
        "an unchecked exception arrives as an IOException that names it",
        () ->
            refused(
                "java.io.IOException",
                APPLICATION,
                "java.lang.IllegalStateException: not now",
                () -> proxy.failWithRuntime("not now")));
    checks.check(
        "an RpcServerException keeps its error code",
        () ->
            unwraps(
                RpcServerException.class,
                refused(
                    "org.apache.hadoop.ipc.RpcServerException",
                    "ERROR_RPC_SERVER",
                    "not here",
                    () -> proxy.failWithRpcServerException("not here"))));
    checks.check(
        "an exception without a message arrives with its class",
        () -> {
          RemoteException remote = (RemoteException) thrown(proxy::failWithoutMessage);
          same("java.io.IOException", remote.getClassName());
          same(APPLICATION, remote.getErrorCode().toString());
        });
    checks.check(
        "a result that cannot be written arrives as an error of its own code",
        () -> {
          RemoteException remote = (RemoteException) thrown(proxy::failWhileWriting);
          same("java.io.IOException", remote.getClassName());
          same("ERROR_SERIALIZING_RESPONSE", remote.getErrorCode().toString());
          Checks.isTrue(remote.getMessage().contains("cannot be written"), remote.getMessage());
        });
    checks.check(
        "unwrapping with a list of classes unwraps only those",
        () -> {
          RemoteException remote = (RemoteException) thrown(() -> proxy.failWithFileNotFound("x"));
          same(remote, remote.unwrapRemoteException(InteropException.class));
          same(FileNotFoundException.class, remote.unwrapRemoteException(FileNotFoundException.class).getClass());
        });
  }

  private void refusals() throws IOException {
    ClientProtocols.EverythingMore more = target.proxy(ClientProtocols.EverythingMore.class);
    checks.check(
        "a method that the server lacks is refused",
        () ->
            refused(
                "java.io.IOException",
                APPLICATION,
                "java.lang.NoSuchMethodException: hrpcd.interop.Everything.unheardOf(java.lang.String)",
                () -> more.unheardOf("x")));
    checks.check(
        "an overload with more parameters is refused",
        () ->
            refused(
                "java.io.IOException",
                APPLICATION,
                "java.lang.NoSuchMethodException: hrpcd.interop.Everything.echoInt(int,int)",
                () -> more.echoInt(1, 2)));
    checks.check(
        "an overload with other parameter types is refused",
        () ->
            refused(
                "java.io.IOException",
                APPLICATION,
                "java.lang.NoSuchMethodException: hrpcd.interop.Everything.echoInt(java.lang.String)",
                () -> more.echoInt("1")));
    checks.check("the overload that is served answers", () -> same(7, more.echoInt(7)));
    checks.check(
        "a protocol that the server lacks is refused",
        () -> {
          ClientProtocols.Unserved unserved = target.proxy(ClientProtocols.Unserved.class);
          String name = ClientProtocols.Unserved.class.getName();
          unwraps(
              RpcServerException.class,
              refused(
                  "org.apache.hadoop.ipc.RpcServerException",
                  "ERROR_RPC_SERVER",
                  "Unknown protocol: " + name,
                  () -> unserved.hello("x")));
        });
    checks.check(
        "a client of a newer version is refused with both versions",
        () -> {
          ClientProtocols.EverythingV4 newer = target.proxy(ClientProtocols.EverythingV4.class);
          RemoteException remote = mismatch(Everything.class, 4, 3, () -> newer.echoInt(1));
          // VersionMismatch has no constructor with a message alone, so Hadoop cannot unwrap it.
          same(remote, remote.unwrapRemoteException());
        });
    checks.check(
        "a client of an older version is refused with both versions",
        () -> {
          ClientProtocols.EverythingV2 older = target.proxy(ClientProtocols.EverythingV2.class);
          mismatch(Everything.class, 2, 3, () -> older.echoInt(1));
        });
    checks.check(
        "a client of a version above two served ones is told the higher one",
        () -> {
          ClientProtocols.VersionedV3 third = target.proxy(ClientProtocols.VersionedV3.class);
          mismatch(Versioned.class, 3, 2, () -> third.first("x"));
        });
  }

  private static RemoteException mismatch(Class<?> protocol, long client, long server, Checks.Body call) {
    String versions = "(client = " + client + ", server = " + server + ")";
    String message = "Protocol " + protocol.getName() + " version mismatch. " + versions;
    return refused("org.apache.hadoop.ipc.RPC$VersionMismatch", MISMATCH, message, call);
  }
}
