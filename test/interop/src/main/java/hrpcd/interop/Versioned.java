package hrpcd.interop;

import java.io.IOException;
import org.apache.hadoop.ipc.VersionedProtocol;

/** Version 2 of a protocol that the server serves in two versions on one port. */
public interface Versioned extends VersionedProtocol {
  long versionID = 2L;

  /** Answers {@code v2:} and the text. */
  String first(String text) throws IOException;

  /** Answers the sum. New in version 2. */
  int second(int a, int b) throws IOException;
}
