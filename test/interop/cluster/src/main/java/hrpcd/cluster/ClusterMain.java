package hrpcd.cluster;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogManager;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSNNTopology;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * Hadoop's own daemons on free ports of the loopback address. The first argument is the folder that they write to, the others
 * say which daemons: "files" is a NameNode with one DataNode, "ha" is an active NameNode, a stand-by and an observer, and
 * "yarn" is a ResourceManager with one NodeManager. Arguments such as {@code key=value} are settings of the NameNodes.
 *
 * <p>Says {@code LISTENING <ports>} in the order of the above, then {@code AUDIT <line>} for every line of the NameNodes' audit
 * logs, and ends when its standard input does.
 */
public final class ClusterMain {
  private ClusterMain() {}

  public static void main(String[] args) throws Exception {
    // The web servers of YARN tell java.util.logging at length how they start.
    LogManager.getLogManager().reset();
    File folder = new File(args[0]);
    List<String> asked = Arrays.asList(args).subList(1, args.length);
    Configuration conf = nameNodeConf(asked);
    // How the groups of users are found is one setting for all.
    UserGroupInformation.setConfiguration(conf);
    StringBuilder listening = new StringBuilder("LISTENING");
    if (asked.contains("files")) listening.append(' ').append(startFiles(conf, folder).getNameNodePort());
    if (asked.contains("ha")) {
      MiniDFSCluster cluster = startWithObserver(conf, folder);
      for (int index = 0; index < 3; index++) listening.append(' ').append(cluster.getNameNodePort(index));
    }
    RefreshHandlers.register();
    if (asked.contains("yarn")) listening.append(' ').append(startJobs(folder));
    System.out.println(listening);
    awaitEndOfInput();
    // Nothing is kept, so nothing is brought to an orderly end: that would take longer than most tests.
    Runtime.getRuntime().halt(0);
  }

  private static Configuration nameNodeConf(List<String> asked) {
    Configuration conf = new HdfsConfiguration();
    conf.setBoolean("hadoop.caller.context.enabled", true);
    // Every answer tells how far the NameNode's log has come, as where observers serve reads.
    conf.setBoolean("dfs.namenode.state.context.enabled", true);
    // A folder of a dozen entries is listed in pages.
    conf.setInt("dfs.ls.limit", 10);
    for (String setting : asked) {
      int equals = setting.indexOf('=');
      if (equals > 0) conf.set(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return conf;
  }

  private static MiniDFSCluster startFiles(Configuration conf, File folder) throws IOException {
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(conf, folder).numDataNodes(1).build();
    cluster.waitActive();
    return cluster;
  }

  /** Nothing that needs a DataNode is asked of these. */
  private static MiniDFSCluster startWithObserver(Configuration conf, File folder) throws IOException {
    MiniDFSNNTopology topology = MiniDFSNNTopology.simpleHATopology(3);
    MiniDFSCluster cluster = new MiniDFSCluster.Builder(conf, folder).nnTopology(topology).numDataNodes(0).build();
    cluster.transitionToActive(0);
    cluster.transitionToObserver(2);
    return cluster;
  }

  /** Returns the port on which the ResourceManager serves clients. */
  private static int startJobs(File folder) {
    System.setProperty("test.build.data", folder.getPath());
    YarnConfiguration conf = new YarnConfiguration();
    // A disk that is nearly full would make the node unhealthy.
    conf.setBoolean(YarnConfiguration.NM_DISK_HEALTH_CHECK_ENABLE, false);
    MiniYARNCluster cluster = new MiniYARNCluster("hrpcd", 1, 1, 1);
    cluster.init(conf);
    cluster.start();
    return cluster.getResourceManager().getClientRMService().getBindAddress().getPort();
  }

  private static void awaitEndOfInput() throws IOException {
    byte[] ignored = new byte[256];
    while (System.in.read(ignored) >= 0) {
      // Nothing is said to this program.
    }
  }
}
