package hrpcd.interop;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.ipc.ProtobufRpcEngine2;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.ipc.TestRpcBase.TestRpcService;
import org.apache.hadoop.ipc.protobuf.TestProtos.EchoRequestProto;

/**
 * What RPCCallBenchmark does not measure: many threads of one user, whose calls Hadoop's client sends over one
 * connection. Arguments and output are those of {@link BenchmarkMain}.
 */
public final class SharedConnectionMain {
  private SharedConnectionMain() {}

  public static void main(String[] args) throws Exception {
    Configuration conf = new Configuration();
    RPC.setProtocolEngine(conf, TestRpcService.class, ProtobufRpcEngine2.class);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        run(conf, optionsOf(line.split(" ")));
        System.out.println("ENDED 0");
      }
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static Map<String, String> optionsOf(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) options.put(args[i], args[i + 1]);
    return options;
  }

  private static void run(Configuration conf, Map<String, String> options) throws Exception {
    InetSocketAddress address = new InetSocketAddress(options.get("-h"), Integer.parseInt(options.get("-p")));
    TestRpcService proxy = RPC.getProxy(TestRpcService.class, 0, address, conf);
    String text = new String(new char[Integer.parseInt(options.get("-m"))]).replace('\0', 'x');
    Load load = new Load(proxy, text);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(options.get("-c")); i++) threads.add(new Thread(load));
    for (Thread thread : threads) thread.start();
    for (int i = 0; i < Integer.parseInt(options.get("-t")); i++) {
      long start = System.nanoTime();
      Thread.sleep(1000);
      double calls = load.calls.sumThenReset();
      System.out.println("Calls per second: " + Math.round(calls * 1e9 / (System.nanoTime() - start)));
    }
    load.stopped = true;
    for (Thread thread : threads) thread.join();
    RPC.stopProxy(proxy);
    if (load.failure.get() != null) throw load.failure.get();
  }

  private static final class Load implements Runnable {
    final LongAdder calls = new LongAdder();
    final AtomicReference<Exception> failure = new AtomicReference<>();
    volatile boolean stopped;
    private final TestRpcService proxy;
    private final String text;

    Load(TestRpcService proxy, String text) {
      this.proxy = proxy;
      this.text = text;
    }

    @Override
    public void run() {
      try {
        while (!stopped) {
          proxy.echo(null, EchoRequestProto.newBuilder().setMessage(text).build()).getMessage();
          calls.increment();
        }
      } catch (Exception e) {
        failure.set(e);
      }
    }
  }
}
