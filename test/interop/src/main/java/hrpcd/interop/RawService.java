package hrpcd.interop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.hadoop.ipc.RetriableException;
import org.apache.hadoop.ipc.RpcServerException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.hadoop.tracing.TraceAdminPB.AddSpanReceiverRequestProto;
import org.apache.hadoop.tracing.TraceAdminPB.AddSpanReceiverResponseProto;
import org.apache.hadoop.tracing.TraceAdminPB.ListSpanReceiversResponseProto;
import org.apache.hadoop.tracing.TraceAdminPB.RemoveSpanReceiverRequestProto;
import org.apache.hadoop.tracing.TraceAdminPB.RemoveSpanReceiverResponseProto;
import org.apache.hadoop.tracing.TraceAdminPB.TraceAdminService;

/**
 * A protobuf service that does what Hadoop's translators never do: every way to fail that protobuf's interface allows.
 *
 * <p>It stands behind a proxy, as the types of the interface have another package in each version of Hadoop.
 */
final class RawService {
  private RawService() {}

  /** The service as a {@code BlockingService} of this Hadoop's protobuf. */
  static Object create() {
    Class<?> type = TraceAdminService.BlockingInterface.class;
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> answer(method, args[1]));
    return TraceAdminService.newReflectiveBlockingService((TraceAdminService.BlockingInterface) proxy);
  }

  private static Object answer(Method method, Object request) throws Throwable {
    switch (method.getName()) {
      case "listSpanReceivers":
        return ListSpanReceiversResponseProto.getDefaultInstance();
      case "removeSpanReceiver":
        return remove(method, ((RemoveSpanReceiverRequestProto) request).getId());
      default:
        AddSpanReceiverRequestProto add = (AddSpanReceiverRequestProto) request;
        fail(method, add.getClassName());
        if (add.getClassName().equals("null")) {
          return null;
        }
        AddSpanReceiverResponseProto.Builder response = AddSpanReceiverResponseProto.newBuilder();
        if (add.getClassName().equals("build")) {
          return response.build();
        }
        return response.setId(add.getConfigCount()).build();
    }
  }

  /** Says which id came, in a failure; removes 0. */
  private static Object remove(Method method, long id) throws Throwable {
    if (id != 0) {
      throw serviceException(method, new IOException("id " + id));
    }
    return RemoveSpanReceiverResponseProto.getDefaultInstance();
  }

  /** Fails in the way that {@code how} names: a word and, behind a colon, the message. */
  private static void fail(Method method, String how) throws Throwable {
    int colon = how.indexOf(':');
    String message = colon < 0 ? null : how.substring(colon + 1);
    switch (colon < 0 ? how : how.substring(0, colon)) {
      case "io":
        throw serviceException(method, new IOException(message));
      case "file":
        throw serviceException(method, new FileNotFoundException(message));
      case "own":
        throw serviceException(method, new InteropException(message));
      case "server":
        throw serviceException(method, new RpcServerException(message));
      case "standby":
        throw serviceException(method, new StandbyException(message));
      case "retriable":
        throw serviceException(method, new RetriableException(message));
      case "caused":
        throw serviceException(method, new IOException(message, new IOException("the inner one")));
      case "unchecked":
        throw serviceException(method, new IllegalStateException(message));
      case "direct":
        throw new IllegalStateException(message);
      case "error":
        throw new AssertionError(message);
      case "undeclared":
        throw new InterruptedException(message);
      case "nested":
        throw serviceException(method, serviceException(method, new IOException(message)));
      case "causeless":
        throw (Throwable) constructor(method, String.class).newInstance(message);
      default:
        // It does not fail.
    }
  }

  private static Throwable serviceException(Method method, Throwable cause) throws ReflectiveOperationException {
    return (Throwable) constructor(method, Throwable.class).newInstance(cause);
  }

  /** A constructor of the ServiceException that the interface's methods declare. */
  private static Constructor<?> constructor(Method method, Class<?> parameter) throws NoSuchMethodException {
    return method.getExceptionTypes()[0].getConstructor(parameter);
  }
}
