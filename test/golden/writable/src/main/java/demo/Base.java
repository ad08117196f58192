package demo;

import org.apache.hadoop.ipc.VersionedProtocol;

public interface Base extends VersionedProtocol {
  long versionID = 3L;

  void ping();
}
