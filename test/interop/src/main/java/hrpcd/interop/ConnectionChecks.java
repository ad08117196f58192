package hrpcd.interop;

import static hrpcd.interop.Checks.refused;
import static hrpcd.interop.Checks.same;

import Server.MyInterface;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;

/** Many callers, users, pings, authentication, opening and closing. */
final class ConnectionChecks {
  private static final int THREADS = 32;
  private static final int CALLS_PER_THREAD = 500;

  private final Checks checks;
  private final Target target;

  ConnectionChecks(Checks checks, Target target) {
    this.checks = checks;
    this.target = target;
  }

  void run() {
    checks.check("32 threads, 500 calls each, over one connection", () -> callFromThreads(false));
    checks.check("32 threads, 500 calls each, over a connection per thread", () -> callFromThreads(true));
    users();
    pings();
    sasl();
    lifetimes();
  }

  private void callFromThreads(boolean separate) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Integer>> callers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String user = separate ? "caller" + i : "caller";
        Everything proxy = target.proxy(Everything.class, UserGroupInformation.createRemoteUser(user));
        int thread = i;
        callers.add(() -> callAgainAndAgain(proxy, thread));
      }
      int calls = 0;
      for (Future<Integer> caller : threads.invokeAll(callers)) {
        calls += caller.get();
      }
      same(THREADS * CALLS_PER_THREAD, calls);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int callAgainAndAgain(Everything proxy, int thread) throws IOException {
    int calls = 0;
    for (; calls < CALLS_PER_THREAD; calls++) {
      String text = thread + ":" + calls;
      switch (calls % 4) {
        case 0:
          same(text, proxy.echoString(text));
          break;
        case 1:
          same(new long[] {thread, calls}, proxy.echoLongs(new long[] {thread, calls}));
          break;
        case 2:
          refused("java.io.IOException", "ERROR_APPLICATION", text, () -> proxy.failWithIOException(text));
          break;
        default:
          same(thread * 1000 + calls, proxy.echoInt(thread * 1000 + calls));
      }
    }
    return calls;
  }

  private void users() {
    checks.check(
        "a call runs as the user of its connection",
        () -> {
          Everything asAlice = target.proxy(Everything.class, UserGroupInformation.createRemoteUser("alice"));
          Everything asBob = target.proxy(Everything.class, UserGroupInformation.createRemoteUser("b\u00f6b@REALM"));
          same("alice", asAlice.whoAmI());
          same("b\u00f6b@REALM", asBob.whoAmI());
          same("alice", asAlice.whoAmI());
        });
  }

  private void pings() {
    checks.check(
        "a slow call outlives many ping intervals",
        () -> {
          Target pinging = target.with("ipc.ping.interval", "200");
          Everything proxy = pinging.proxy(Everything.class, UserGroupInformation.createRemoteUser("pinger"));
          same("awake", proxy.slow(1_000, "awake"));
          same("awake", proxy.slow(500, "awake"));
        });
    checks.check(
        "fast calls overtake a slow one on the same connection",
        () -> {
          Everything proxy = target.proxy(Everything.class, UserGroupInformation.createRemoteUser("overtaker"));
          ExecutorService one = Executors.newSingleThreadExecutor();
          try {
            Future<String> slow = one.submit(() -> proxy.slow(1_500, "slow"));
            for (int i = 0; i < 100; i++) {
              same(i, proxy.echoInt(i));
            }
            Checks.isTrue(!slow.isDone(), "the slow call was answered before the fast ones");
            same("slow", slow.get());
          } finally {
            one.shutdownNow();
          }
        });
  }

  private void sasl() {
    checks.check(
        "a client with a token opens with SASL, is told SIMPLE, and its calls succeed",
        () -> {
          UserGroupInformation user = UserGroupInformation.createRemoteUser("tokenholder");
          user.addToken(
              new Token<TokenIdentifier>(new byte[] {1, 2}, new byte[] {3, 4}, new Text("kind"), new Text("service")));
          Target.as(
              user,
              () -> {
                Everything proxy = target.proxy(Everything.class, user);
                same("over SASL", proxy.echoString("over SASL"));
                same("tokenholder", proxy.whoAmI());
                byte[] large = new byte[1 << 16];
                Arrays.fill(large, (byte) 9);
                same(large, proxy.echoBytes(large));
                return null;
              });
        });
  }

  private void lifetimes() {
    checks.check(
        "proxies of three protocols work side by side",
        () -> {
          Everything everything = target.proxy(Everything.class);
          MyInterface tutorial = target.proxy(MyInterface.class);
          Versioned versioned = target.proxy(Versioned.class);
          for (int i = 0; i < 20; i++) {
            same(i, everything.echoInt(i));
            same("hello," + i, tutorial.helloWorld("" + i));
            same("v2:" + i, versioned.first("" + i));
          }
        });
    checks.check(
        "a new proxy works after the old one was stopped",
        () -> {
          for (int i = 0; i < 5; i++) {
            Everything proxy = target.proxy(Everything.class, UserGroupInformation.createRemoteUser("stopper"));
            same(i, proxy.echoInt(i));
            RPC.stopProxy(proxy);
          }
        });
  }
}
