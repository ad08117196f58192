package hrpcd.interop;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.ipc.RPCCallBenchmark;
import org.apache.hadoop.util.ToolRunner;

/**
 * Runs Hadoop's RPCCallBenchmark as often as its standard input asks for, in one process, so that its code is compiled
 * by the time that counts: each line holds the arguments of one run, and {@code ENDED <code>} follows what the run
 * prints. An exception of a call ends the program.
 */
public final class BenchmarkMain {
  private BenchmarkMain() {}

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println("ENDED " + ToolRunner.run(new RPCCallBenchmark(), line.split(" ")));
      }
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1);
    }
  }
}
