package hrpcd.interop;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import org.apache.hadoop.conf.Configuration;

/**
 * A Hadoop client that calls everything a server under test serves: {@code ClientMain <host> <port> [key=value]...}.
 *
 * <p>Prints one line of JSON per check. The exit status is 0 once all checks have run, whatever they found.
 */
public final class ClientMain {
  private ClientMain() {}

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    Configuration conf = new Configuration();
    // A server that is gone should be a failed check now, and not after Hadoop's forty-five attempts.
    conf.setInt("ipc.client.connect.max.retries", 1);
    conf.setInt("ipc.client.connect.max.retries.on.timeouts", 1);
    for (int i = 2; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      conf.set(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    Target target = new Target(new InetSocketAddress(args[0], Integer.parseInt(args[1])), conf);
    Checks checks = new Checks(out);
    new TypeChecks(checks, target.proxy(Everything.class)).run();
    new FailureChecks(checks, target).run();
    new VersionChecks(checks, target).run();
    new ConnectionChecks(checks, target).run();
    new ProtobufChecks(checks, target).run();
    System.exit(0);
  }
}
