package hrpcd.interop;

import java.io.IOException;

/** An exception of a service's own, with the constructor that RemoteException.unwrapRemoteException looks for. */
public class InteropException extends IOException {
  private static final long serialVersionUID = 1L;

  public InteropException(String message) {
    super(message);
  }
}
