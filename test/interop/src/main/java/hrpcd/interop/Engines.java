package hrpcd.interop;

/** The engine of this Hadoop for protobuf, whose class has another name in Hadoop 2 and 3. */
final class Engines {
  private Engines() {}

  /** The engine's class, loaded: a server decodes calls of a kind only after that. */
  static Class<?> protobuf() {
    try {
      return Class.forName("org.apache.hadoop.ipc.ProtobufRpcEngine2");
    } catch (ClassNotFoundException newer) {
      try {
        return Class.forName("org.apache.hadoop.ipc.ProtobufRpcEngine");
      } catch (ClassNotFoundException older) {
        throw new IllegalStateException("this Hadoop has no engine for protobuf", older);
      }
    }
  }

  /** Whether protobuf lies in a package of Hadoop's own, as it does since Hadoop 3.3. */
  static boolean isShaded() {
    return protobuf().getSimpleName().equals("ProtobufRpcEngine2");
  }
}
