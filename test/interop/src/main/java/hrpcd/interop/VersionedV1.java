package hrpcd.interop;

import java.io.IOException;
import org.apache.hadoop.ipc.ProtocolInfo;
import org.apache.hadoop.ipc.VersionedProtocol;

/** Version 1 of {@link Versioned}. */
@ProtocolInfo(protocolName = "hrpcd.interop.Versioned", protocolVersion = 1)
public interface VersionedV1 extends VersionedProtocol {
  long versionID = 1L;

  /** Answers {@code v1:} and the text. */
  String first(String text) throws IOException;
}
