package hrpcd.interop;

import Server.MyInterface;
import java.net.InetSocketAddress;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.ipc.RPC;

/** The client of Hadoop's RPC tutorials, with nothing set: {@code TutorialMain <host> <port> <name>}. */
public final class TutorialMain {
  private TutorialMain() {}

  public static void main(String[] args) throws Exception {
    InetSocketAddress address = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    MyInterface proxy = RPC.getProxy(MyInterface.class, MyInterface.versionID, address, new Configuration());
    System.out.println(proxy.helloWorld(args[2]));
    RPC.stopProxy(proxy);
    System.exit(0);
  }
}
