package hrpcd.interop;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.hadoop.ipc.RemoteException;

/** Runs checks and reports each as one line of JSON: {@code {"name": ..., "ok": ..., "detail": ...}}. */
final class Checks {
  /** What a check does; it passes unless it throws. */
  interface Body {
    void run() throws Exception;
  }

  private final PrintStream out;

  Checks(PrintStream out) {
    this.out = out;
  }

  /** Runs one check and reports it. */
  void check(String name, Body body) {
    long start = System.nanoTime();
    try {
      body.run();
      report(name, true, (System.nanoTime() - start) / 1_000_000 + " ms");
    } catch (Exception | AssertionError | LinkageError e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      report(name, false, trace.toString());
    }
  }

  private synchronized void report(String name, boolean ok, String detail) {
    out.println("{\"name\":" + quote(name) + ",\"ok\":" + ok + ",\"detail\":" + quote(detail) + "}");
    out.flush();
  }

  /** Fails unless both are equal; arrays are compared by what they hold, at any depth. */
  static void same(Object expected, Object actual) {
    if (!Objects.deepEquals(expected, actual)) {
      throw new AssertionError("expected " + show(expected) + " but was " + show(actual));
    }
  }

  static void isTrue(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** Runs a call that must fail and returns what it threw, out of its proxy's wrapping. */
  static Throwable thrown(Body body) {
    try {
      body.run();
    } catch (UndeclaredThrowableException e) {
      return e.getCause();
    } catch (Exception e) {
      return e;
    }
    throw new AssertionError("nothing was thrown");
  }

  /** Runs a call that the server must refuse with this class, this error code and this first line of a message. */
  static RemoteException refused(String javaClass, String code, String message, Body body) {
    Throwable thrown = thrown(body);
    if (!(thrown instanceof RemoteException)) {
      throw new AssertionError("not a RemoteException: " + thrown, thrown);
    }
    RemoteException remote = (RemoteException) thrown;
    same(javaClass, remote.getClassName());
    same(code, String.valueOf(remote.getErrorCode()));
    same(message, firstLine(remote.getMessage()));
    return remote;
  }

  /** Checks the exception that a client sees once it has unwrapped the remote one. */
  static void unwraps(Class<? extends IOException> expected, RemoteException remote) {
    same(expected, remote.unwrapRemoteException().getClass());
  }

  /** A Java server puts its stack trace behind the message; ours need not. */
  static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static String show(Object value) {
    String text = value != null && value.getClass().isArray() ? Arrays.deepToString(new Object[] {value}) : "" + value;
    return text.length() > 200 ? text.substring(0, 200) + "... (" + text.length() + " characters)" : text;
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
