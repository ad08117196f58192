package hrpcd.interop;

import java.io.IOException;
import org.apache.hadoop.ipc.VersionedProtocol;

/**
 * A protocol that another one extends. A call of its method travels under this name and this version, whatever proxy
 * it is made on: Hadoop takes both from the interface that declares the method.
 */
public interface BaseProtocol extends VersionedProtocol {
  long versionID = 7L;

  /** Answers {@code base:} and the text. */
  String fromBase(String text) throws IOException;
}
