package hrpcd.shell;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsShell;
import org.apache.hadoop.hdfs.tools.DFSAdmin;
import org.apache.hadoop.hdfs.tools.DFSHAAdmin;
import org.apache.hadoop.hdfs.tools.GetGroups;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.Tool;
import org.apache.hadoop.util.ToolRunner;

/**
 * Runs Hadoop's command lines, many in one JVM, each as its own program would.
 *
 * <pre>
 *   reads    port TAB user TAB tool TAB argument TAB argument ...
 *   prints   {"exit": 0, "out": "...", "err": "..."}
 * </pre>
 *
 * one line each. The port is the NameNode's on the loopback address; the tools are those of {@link #tool}.
 */
public final class ShellMain {
  private ShellMain() {}

  public static void main(String[] args) throws Exception {
    PrintStream results = System.out;
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] fields = line.split("\t", -1);
      results.println(run(fields[0], fields[1], fields[2], Arrays.copyOfRange(fields, 3, fields.length)));
      results.flush();
    }
    System.exit(0);
  }

  private static String run(String port, String user, String tool, String[] args) throws Exception {
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, "UTF-8"));
    System.setErr(new PrintStream(err, true, "UTF-8"));
    int exit;
    try {
      exit = runAs(UserGroupInformation.createRemoteUser(user), configuration(port), tool, args);
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
    return "{\"exit\":" + exit + ",\"out\":" + quote(out) + ",\"err\":" + quote(err) + "}";
  }

  private static int runAs(UserGroupInformation user, Configuration conf, String tool, String[] args)
      throws IOException, InterruptedException {
    try {
      return user.doAs((PrivilegedExceptionAction<Integer>) () -> ToolRunner.run(conf, tool(tool, conf), args));
    } catch (Throwable thrown) {
      // What the JVM does with an exception that leaves main; its trace would differ from line to line of Hadoop's source.
      System.err.println("Exception in thread \"main\" " + thrown);
      return 1;
    } finally {
      FileSystem.closeAllForUGI(user);
    }
  }

  private static Configuration configuration(String port) {
    Configuration conf = new Configuration();
    conf.set("fs.defaultFS", "hdfs://127.0.0.1:" + port);
    // A server that is gone should be a failed command now, and not after Hadoop's forty-five attempts.
    conf.setInt("ipc.client.connect.max.retries", 1);
    conf.setInt("ipc.client.connect.max.retries.on.timeouts", 1);
    // HAAdmin finds a NameNode by its name in a name service, and wants another beside it.
    conf.set("dfs.nameservices", "ns");
    conf.set("dfs.ha.namenodes.ns", "nn1,nn2");
    conf.set("dfs.namenode.rpc-address.ns.nn1", "127.0.0.1:" + port);
    conf.set("dfs.namenode.rpc-address.ns.nn2", "127.0.0.1:" + port);
    return conf;
  }

  private static Tool tool(String name, Configuration conf) {
    switch (name) {
      case "fs":
        return new FsShell(conf);
      case "dfsadmin":
        return new DFSAdmin(conf);
      case "haadmin":
        return new DFSHAAdmin();
      case "groups":
        return new GetGroups(conf);
      case "rename":
        return new Rename(conf);
      default:
        throw new IllegalArgumentException("no tool " + name);
    }
  }

  private static String quote(ByteArrayOutputStream bytes) throws IOException {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : bytes.toString("UTF-8").toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
