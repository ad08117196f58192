package hrpcd.interop;

import static hrpcd.interop.Checks.isTrue;
import static hrpcd.interop.Checks.refused;
import static hrpcd.interop.Checks.same;
import static hrpcd.interop.Checks.unwraps;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.ha.HAServiceProtocol.HAServiceState;
import org.apache.hadoop.ha.HAServiceProtocol.RequestSource;
import org.apache.hadoop.ha.HAServiceProtocol.StateChangeRequestInfo;
import org.apache.hadoop.ha.HAServiceStatus;
import org.apache.hadoop.ha.HealthCheckFailedException;
import org.apache.hadoop.ha.ServiceFailedException;
import org.apache.hadoop.ha.protocolPB.HAServiceProtocolClientSideTranslatorPB;
import org.apache.hadoop.ha.protocolPB.ZKFCProtocolClientSideTranslatorPB;
import org.apache.hadoop.ipc.RefreshResponse;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.RetriableException;
import org.apache.hadoop.ipc.RpcNoSuchProtocolException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolClientSideTranslatorPB;
import org.apache.hadoop.ipc.protocolPB.GenericRefreshProtocolPB;
import org.apache.hadoop.net.NetUtils;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.tools.protocolPB.GetUserMappingsProtocolClientSideTranslatorPB;
import org.apache.hadoop.tools.protocolPB.GetUserMappingsProtocolPB;
import org.apache.hadoop.tracing.TraceAdminPB.AddSpanReceiverRequestProto;
import org.apache.hadoop.tracing.TraceAdminPB.ConfigPair;
import org.apache.hadoop.tracing.TraceAdminPB.RemoveSpanReceiverRequestProto;
import org.apache.hadoop.tracing.TraceAdminPB.TraceAdminService;

/** Hadoop's own protocols through Hadoop's own clients, over protobuf, and every way in which such a call can fail. */
final class ProtobufChecks {
  private static final String APPLICATION = "ERROR_APPLICATION";
  private static final int THREADS = 16;
  private static final int CALLS_PER_THREAD = 300;

  private final Checks checks;
  private final Target target;

  ProtobufChecks(Checks checks, Target target) {
    this.checks = checks;
    this.target = target;
  }

  void run() throws IOException {
    userMappings();
    haService();
    genericRefresh();
    controller();
    failures(target.protobufProxy(ProtobufProtocols.RawPB.class));
    versions();
    checks.check("16 threads, 300 protobuf calls each, over one connection", this::callFromThreads);
  }

  private void userMappings() throws IOException {
    GetUserMappingsProtocolClientSideTranslatorPB client =
        new GetUserMappingsProtocolClientSideTranslatorPB(target.protobufProxy(GetUserMappingsProtocolPB.class));
    checks.check(
        "getGroupsForUser answers the groups",
        () -> same(new String[] {"root", "staff", "na\u00efve \u4f60"}, client.getGroupsForUser("root")));
    checks.check(
        "getGroupsForUser fails for a user without groups",
        () ->
            refused(
                "java.io.IOException", APPLICATION, "No groups found for user ", () -> client.getGroupsForUser("")));
    // The hashes name protobuf's RpcController, so a client of Hadoop 2 finds no method of a server of Hadoop 3.
    if (Engines.isShaded()) {
      checks.check(
          "isMethodSupported tells what a server has of a protobuf protocol",
          () -> isTrue(client.isMethodSupported("getGroupsForUser"), "getGroupsForUser"));
    }
  }

  private void haService() throws IOException {
    HAServiceProtocolClientSideTranslatorPB client =
        new HAServiceProtocolClientSideTranslatorPB(target.address(), target.conf());
    checks.check(
        "getServiceStatus answers an enum and a text",
        () -> {
          HAServiceStatus status = client.getServiceStatus();
          same(HAServiceState.STANDBY, status.getState());
          same(false, status.isReadyToBecomeActive());
          same("still starting", status.getNotReadyReason());
        });
    checks.check(
        "monitorHealth fails with HealthCheckFailedException",
        () ->
            unwraps(
                HealthCheckFailedException.class,
                refused(
                    "org.apache.hadoop.ha.HealthCheckFailedException",
                    APPLICATION,
                    "the disk is full",
                    client::monitorHealth)));
    checks.check(
        "transitionToActive answers an empty message",
        () -> client.transitionToActive(new StateChangeRequestInfo(RequestSource.REQUEST_BY_USER)));
    checks.check(
        "transitionToStandby is told who asks, and fails with ServiceFailedException",
        () ->
            unwraps(
                ServiceFailedException.class,
                refused(
                    "org.apache.hadoop.ha.ServiceFailedException",
                    APPLICATION,
                    "asked by REQUEST_BY_ZKFC",
                    () -> client.transitionToStandby(new StateChangeRequestInfo(RequestSource.REQUEST_BY_ZKFC)))));
    checks.check(
        "transitionToObserver fails with AccessControlException",
        () ->
            unwraps(
                AccessControlException.class,
                refused(
                    "org.apache.hadoop.security.AccessControlException",
                    APPLICATION,
                    "asked by REQUEST_BY_USER_FORCED",
                    () ->
                        client.transitionToObserver(new StateChangeRequestInfo(RequestSource.REQUEST_BY_USER_FORCED)))));
  }

  private void genericRefresh() throws IOException {
    GenericRefreshProtocolClientSideTranslatorPB client =
        new GenericRefreshProtocolClientSideTranslatorPB(target.protobufProxy(GenericRefreshProtocolPB.class));
    checks.check(
        "refresh answers a message for each argument",
        () -> {
          Collection<RefreshResponse> responses = client.refresh("me", new String[] {"a", "", "\u4f60\ud83d\ude00"});
          same(3, responses.size());
          Iterator<RefreshResponse> each = responses.iterator();
          for (String argument : new String[] {"a", "", "\u4f60\ud83d\ude00"}) {
            RefreshResponse response = each.next();
            same(argument, response.getMessage());
            same(-argument.length(), response.getReturnCode());
            same("me", response.getSenderName());
          }
        });
    checks.check(
        "refresh without arguments answers nothing", () -> same(0, client.refresh("me", new String[0]).size()));
    checks.check(
        "a result of 2 MB arrives",
        () -> {
          String message = client.refresh("large", new String[] {"2000000"}).iterator().next().getMessage();
          same(2_000_000, message.length());
          isTrue(message.chars().allMatch(c -> c == 'x'), "it is all x");
        });
    checks.check(
        "a parameter of 1 MB arrives",
        () -> {
          String large = new String(new char[1_000_000]).replace('\0', 'y');
          same(large, client.refresh("me", new String[] {large}).iterator().next().getMessage());
        });
  }

  private void controller() throws IOException {
    ZKFCProtocolClientSideTranslatorPB client =
        new ZKFCProtocolClientSideTranslatorPB(
            target.address(), target.conf(), NetUtils.getDefaultSocketFactory(target.conf()), 60_000);
    checks.check(
        "an unsigned int above 2^31 arrives as Java's negative one",
        () -> refused("java.io.IOException", APPLICATION, "cede for -5", () -> client.cedeActive(-5)));
    checks.check("a call without fields in either direction succeeds", client::gracefulFailover);
  }

  private void failures(TraceAdminService.BlockingInterface raw) {
    fails(raw, "an IOException", "io:disk gone", "java.io.IOException", APPLICATION, "disk gone", IOException.class);
    fails(
        raw,
        "a FileNotFoundException",
        "file:/no",
        "java.io.FileNotFoundException",
        APPLICATION,
        "/no",
        FileNotFoundException.class);
    fails(
        raw,
        "an exception of the service's own",
        "own:caf\u00e9 \ud83d\ude00",
        InteropException.class.getName(),
        APPLICATION,
        "caf\u00e9 \ud83d\ude00",
        InteropException.class);
    fails(
        raw,
        "a StandbyException",
        "standby:not active",
        StandbyException.class.getName(),
        APPLICATION,
        "not active",
        StandbyException.class);
    fails(
        raw,
        "a RetriableException",
        "retriable:later",
        RetriableException.class.getName(),
        APPLICATION,
        "later",
        RetriableException.class);
    fails(raw, "an unchecked exception", "direct:not now", "java.lang.IllegalStateException", APPLICATION, "not now", null);
    fails(
        raw,
        "an RpcServerException",
        "server:not here",
        "org.apache.hadoop.ipc.RpcServerException",
        "ERROR_RPC_SERVER",
        "not here",
        null);
    checks.check("the connection carries protobuf calls after all these failures", () -> same(2L, add(raw, "fine", 2)));
    checks.check(
        "an int64 arrives exactly",
        () -> {
          for (long id : new long[] {1, -1, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1}) {
            RemoteException remote = refused("java.io.IOException", APPLICATION, "id " + id, () -> remove(raw, id));
            unwraps(IOException.class, remote);
          }
        });
  }

  /** A failure, over protobuf, and what a client unwraps it to if the class is one that it can make. */
  private void fails(
      TraceAdminService.BlockingInterface raw,
      String what,
      String how,
      String javaClass,
      String code,
      String message,
      Class<? extends IOException> unwrapped) {
    checks.check(
        what + " arrives over protobuf with its class and message",
        () -> {
          RemoteException remote = refused(javaClass, code, message, () -> add(raw, how, 0));
          if (unwrapped != null) {
            unwraps(unwrapped, remote);
          }
        });
  }

  private void versions() throws IOException {
    checks.check(
        "the lower of two versions is served over protobuf",
        () -> same(1L, add(target.protobufProxy(ProtobufProtocols.RawV3PB.class), "fine", 1)));
    checks.check(
        "a version above both is told the higher one over protobuf",
        () ->
            refused(
                "org.apache.hadoop.ipc.RPC$VersionMismatch",
                "ERROR_RPC_VERSION_MISMATCH",
                "Protocol hrpcd.interop.Raw version mismatch. (client = 9, server = 5)",
                () -> add(target.protobufProxy(ProtobufProtocols.RawV9PB.class), "fine", 0)));
    checks.check(
        "a protocol that the server lacks is refused over protobuf",
        () ->
            unwraps(
                RpcNoSuchProtocolException.class,
                refused(
                    "org.apache.hadoop.ipc.RpcNoSuchProtocolException",
                    "ERROR_NO_SUCH_PROTOCOL",
                    "Unknown protocol: hrpcd.interop.UnservedRaw",
                    () -> add(target.protobufProxy(ProtobufProtocols.UnservedRawPB.class), "fine", 0))));
  }

  private void callFromThreads() throws Exception {
    TraceAdminService.BlockingInterface raw =
        target.protobufProxy(ProtobufProtocols.RawPB.class, UserGroupInformation.createRemoteUser("protobufcaller"));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> callers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        callers.add(
            () -> {
              for (int call = 0; call < CALLS_PER_THREAD; call++) {
                String text = thread + ":" + call;
                if (call % 3 == 0) {
                  refused("java.io.IOException", APPLICATION, text, () -> add(raw, "io:" + text, 0));
                } else {
                  same((long) call % 7, add(raw, text, call % 7));
                }
              }
              return null;
            });
      }
      for (Future<Void> caller : threads.invokeAll(callers)) {
        caller.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The number of pairs, which is what the server answers. */
  private static long add(TraceAdminService.BlockingInterface raw, String className, int pairs) throws Exception {
    AddSpanReceiverRequestProto.Builder request = AddSpanReceiverRequestProto.newBuilder().setClassName(className);
    for (int i = 0; i < pairs; i++) {
      request.addConfig(ConfigPair.newBuilder().setKey("key" + i).setValue("value"));
    }
    try {
      return raw.addSpanReceiver(null, request.build()).getId();
    } catch (Exception e) {
      throw unwrapped(e);
    }
  }

  private static void remove(TraceAdminService.BlockingInterface raw, long id) throws Exception {
    try {
      raw.removeSpanReceiver(null, RemoveSpanReceiverRequestProto.newBuilder().setId(id).build());
    } catch (Exception e) {
      throw unwrapped(e);
    }
  }

  /** What a ServiceException holds: every failure of a protobuf call is within one. */
  private static Exception unwrapped(Exception thrown) {
    return thrown.getCause() instanceof IOException ? (IOException) thrown.getCause() : thrown;
  }
}
