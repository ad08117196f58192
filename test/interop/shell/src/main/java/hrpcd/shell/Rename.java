package hrpcd.shell;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.conf.Configured;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.util.Tool;

/**
 * {@code rename [-overwrite] source destination}: the rename that can replace what is there. No command of FsShell calls it;
 * programs do.
 */
final class Rename extends Configured implements Tool {
  Rename(Configuration conf) {
    super(conf);
  }

  @Override
  public int run(String[] args) throws IOException {
    boolean overwrite = args[0].equals("-overwrite");
    Path source = new Path(args[args.length - 2]);
    Path destination = new Path(args[args.length - 1]);
    try {
      DistributedFileSystem fs = (DistributedFileSystem) FileSystem.get(getConf());
      fs.rename(source, destination, overwrite ? Options.Rename.OVERWRITE : Options.Rename.NONE);
      return 0;
    } catch (IOException e) {
      System.err.println(e.getClass().getName() + ": " + firstLine(e.getLocalizedMessage()));
      return 1;
    }
  }

  /** As FsShell cuts off the trace that Hadoop's server sends behind the message. */
  private static String firstLine(String message) {
    return message.split("\n", 2)[0];
  }
}
