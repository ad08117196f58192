package demo;

import org.apache.hadoop.ipc.VersionedProtocol;

/** The interface of the tutorials. */
public interface MyInterface extends VersionedProtocol {
  long versionID = 1001L;

  String helloWorld(String name);
}
