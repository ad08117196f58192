package org.apache.hadoop.ipc;

import demo.Base;
import demo.Color;
import demo.Derived;
import demo.MyInterface;
import demo.Plain;
import demo.Point;
import demo.TextArray;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.ArrayPrimitiveWritable;
import org.apache.hadoop.io.ArrayWritable;
import org.apache.hadoop.io.BooleanWritable;
import org.apache.hadoop.io.ByteWritable;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.DataOutputBuffer;
import org.apache.hadoop.io.DoubleWritable;
import org.apache.hadoop.io.FloatWritable;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.ObjectWritable;
import org.apache.hadoop.io.ShortWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.UTF8;
import org.apache.hadoop.io.VIntWritable;
import org.apache.hadoop.io.VLongWritable;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/**
 * Writes what Hadoop itself makes of many values. JSON has no longs, bytes or odd numbers, so they are tagged:
 * {"long": "1"}, {"bytes": hex}, {"number": "NaN"}. Strings are escaped unit by unit, so that lone surrogates survive.
 */
@SuppressWarnings("deprecation")
public final class WritableVectors {
  private static final Configuration CONF = new Configuration(false);
  private final List<String> objects = new ArrayList<>();
  private final List<String> invocations = new ArrayList<>();
  private final List<String> utf8 = new ArrayList<>();
  private final List<String> vints = new ArrayList<>();
  private final List<String> signatures = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  interface Body {
    void write(DataOutput out) throws IOException;
  }

  public static void main(String[] args) throws Exception {
    Files.writeString(Path.of(args[0]), new WritableVectors().make());
  }

  private String make() throws Exception {
    primitives();
    arrays();
    references();
    writables();
    strings();
    integers();
    calls();
    failures();
    return "{\n"
        + String.join(
            ",\n",
            section("objects", objects),
            section("invocations", invocations),
            section("utf8", utf8),
            section("vints", vints),
            section("signatures", signatures),
            section("errors", errors))
        + "\n}\n";
  }

  private static String section(String name, List<String> lines) {
    return "  " + quote(name) + ": [\n    " + String.join(",\n    ", lines) + "\n  ]";
  }

  private void primitives() throws Exception {
    for (boolean value : new boolean[] {true, false}) object("boolean", boolean.class, value);
    for (int value : new int[] {0, 1, -1, 127, -128}) object("byte", byte.class, (byte) value);
    for (int value : new int[] {0, -1, 32767, -32768}) object("short", short.class, (short) value);
    for (int value : new int[] {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) object("int", int.class, value);
    for (long value : new long[] {0, -1, 1L << 53, Long.MAX_VALUE, Long.MIN_VALUE}) object("long", long.class, value);
    for (char value : new char[] {'a', 0, '\u20ac', '\ud83d', '\uffff'}) object("char", char.class, value);
    float[] floats = {0f, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY};
    for (float value : floats) object("float", float.class, value);
    double[] doubles = {0, -0.0, 1.1, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY};
    for (double value : doubles) object("double", double.class, value);
    object("void", void.class, null);
  }

  private void arrays() throws Exception {
    object("int[]", int[].class, new int[] {1, -1});
    object("int[]", int[].class, new int[0]);
    object("int[]", int[].class, null);
    object("[I", int[].class, new int[] {7});
    object("byte[]", byte[].class, new byte[] {0, 127, -128, -1});
    object("long[]", long[].class, new long[] {1, Long.MIN_VALUE});
    object("boolean[]", boolean[].class, new boolean[] {true, false});
    object("char[]", char[].class, new char[] {'x', '\u0000'});
    object("short[]", short[].class, new short[] {-5});
    object("float[]", float[].class, new float[] {0.5f, Float.NaN});
    object("double[]", double[].class, new double[] {0.1});
    object("int[][]", int[][].class, new int[][] {{1, 2}, {}, null});
    object("byte[][]", byte[][].class, new byte[][] {{1}, null});
    object("long[][][]", long[][][].class, new long[][][] {{{1}, {}}, {}});
    object("java.lang.String[]", String[].class, new String[] {"a", null, ""});
    object("java.lang.String[][]", String[][].class, new String[][] {{"a"}, null, {}});
    object("[[Ljava.lang.String;", String[][].class, new String[][] {{"b", null}});
    object("demo.Color[]", Color[].class, new Color[] {Color.RED, null, Color.GREEN});
    object("org.apache.hadoop.io.Text[]", Text[].class, new Text[] {new Text("t"), null});
  }

  private void references() throws Exception {
    for (String value : new String[] {"hi", "", null, "gr\u00fc\u00df \u20ac \ud83d\ude00", "\ud800", "a\u0000b"}) {
      object("java.lang.String", String.class, value);
    }
    object("java.lang.String", String.class, "x".repeat(21845));
    object("demo.Color", Color.class, Color.RED);
    object("demo.Color", Color.class, Color.GREEN);
    object("demo.Color", Color.class, null);
    object("demo.Color$Depth", Color.Depth.class, Color.Depth.__proto__);
  }

  private void writables() throws Exception {
    String io = "org.apache.hadoop.io.";
    object(io + "Text", Text.class, new Text("gr\u00fc\u00df \ud83d\ude00"));
    object(io + "Text", Text.class, new Text("y".repeat(300)));
    object(io + "Text", Text.class, null);
    object(io + "UTF8", UTF8.class, new UTF8("\ud83d\ude00"));
    object(io + "IntWritable", IntWritable.class, new IntWritable(-7));
    object(io + "LongWritable", LongWritable.class, new LongWritable(Long.MIN_VALUE));
    object(io + "BooleanWritable", BooleanWritable.class, new BooleanWritable(true));
    object(io + "ByteWritable", ByteWritable.class, new ByteWritable((byte) -3));
    object(io + "ShortWritable", ShortWritable.class, new ShortWritable((short) -300));
    object(io + "FloatWritable", FloatWritable.class, new FloatWritable(1.25f));
    object(io + "DoubleWritable", DoubleWritable.class, new DoubleWritable(-0.1));
    object(io + "VIntWritable", VIntWritable.class, new VIntWritable(-70000));
    object(io + "VLongWritable", VLongWritable.class, new VLongWritable(1L << 40));
    object(io + "BytesWritable", BytesWritable.class, new BytesWritable(new byte[] {1, -1}));
    object(io + "NullWritable", NullWritable.class, NullWritable.get());
    ArrayWritable texts = new ArrayWritable(Text.class, new Writable[] {new Text("a"), new Text("")});
    object(io + "ArrayWritable<" + io + "Text>", ArrayWritable.class, texts);
    TextArray subclass = new TextArray();
    subclass.set(new Writable[] {new Text("b")});
    object("demo.TextArray", TextArray.class, subclass);
    object(io + "ArrayPrimitiveWritable<long>", ArrayPrimitiveWritable.class, new ArrayPrimitiveWritable(new long[] {5}));
    Point point = new Point();
    point.x = 1;
    point.y = -2;
    point.label = "here";
    object("demo.Point", Point.class, point);
    object("demo.Point[]", Point[].class, new Point[] {point, null});
    ProtocolSignature hashes = new ProtocolSignature(1001, new int[] {-1603691201, 2145063200});
    object("org.apache.hadoop.ipc.ProtocolSignature", ProtocolSignature.class, hashes);
    object("org.apache.hadoop.ipc.ProtocolSignature", ProtocolSignature.class, new ProtocolSignature(Long.MAX_VALUE, null));
  }

  private void object(String type, Class<?> declared, Object value) throws Exception {
    String parameter = hex(out -> ObjectWritable.writeObject(out, value, declared, CONF, true));
    String result = hex(new ObjectWritable(declared, value)::write);
    objects.add(
        "{\"type\": " + quote(type) + ", \"value\": " + json(value) + ", \"parameter\": \"" + parameter + "\", \"result\": \"" + result + "\"}");
  }

  private void strings() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int unit : new int[] {0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xffff}) all.append((char) unit);
    String[] texts = {"", "a", all.toString(), "\u20ac".repeat(100), "\ud83d\ude00".repeat(50), "z".repeat(200), "\u00e9".repeat(41)};
    for (String text : texts) {
      utf8.add("{\"text\": " + quote(text) + ", \"hex\": \"" + hex(out -> UTF8.writeString(out, text)) + "\"}");
    }
  }

  private void integers() throws Exception {
    for (int bits = 0; bits < 64; bits++) {
      for (long value : new long[] {1L << bits, (1L << bits) - 1, -(1L << bits), ~(1L << bits)}) vint(value);
    }
    for (long value : new long[] {-112, -113, 127, 128}) vint(value);
  }

  private void vint(long value) throws Exception {
    vints.add("[\"" + value + "\", \"" + hex(out -> WritableUtils.writeVLong(out, value)) + "\"]");
  }

  private void calls() throws Exception {
    call(MyInterface.class, "helloWorld", "hi");
    call(MyInterface.class, "helloWorld", new Object[] {null});
    call(MyInterface.class, "getProtocolVersion", "demo.MyInterface", 1001L);
    call(MyInterface.class, "getProtocolSignature", "demo.MyInterface", 1001L, -5);
    call(Derived.class, "add", 1, -2);
    call(Derived.class, "ping");
    call(Plain.class, "exchange", new int[] {1, -1});
    call(Plain.class, "mix", Color.GREEN, new long[] {3}, null);
    for (Class<?> type : List.of(MyInterface.class, Base.class, Derived.class, Plain.class, VersionedProtocol.class)) {
      Method[] methods = type.getMethods();
      int[] hashes = Arrays.stream(methods).mapToInt(ProtocolSignature::getFingerprint).sorted().toArray();
      signatures.add(
          "{\"protocol\": " + quote(RPC.getProtocolName(type)) + ", \"methods\": " + Arrays.toString(hashes)
              + ", \"fingerprint\": " + ProtocolSignature.getFingerprint(methods) + "}");
    }
  }

  private void call(Class<?> proxy, String name, Object... args) throws Exception {
    Method method = Arrays.stream(proxy.getMethods()).filter(m -> m.getName().equals(name)).findFirst().orElseThrow();
    Constructor<?> constructor =
        Class.forName("org.apache.hadoop.ipc.WritableRpcEngine$Invocation").getDeclaredConstructor(Method.class, Object[].class);
    constructor.setAccessible(true);
    Writable invocation = (Writable) constructor.newInstance(method, args);
    invocations.add(
        "{\"protocol\": " + quote(RPC.getProtocolName(proxy)) + ", \"method\": " + quote(name) + ", \"arguments\": " + json(args)
            + ", \"hex\": \"" + hex(invocation::write) + "\"}");
  }

  private void failures() throws Exception {
    String string = hex(out -> UTF8.writeString(out, "java.lang.String"));
    String color = hex(out -> UTF8.writeString(out, "demo.Color"));
    String nothing = hex(out -> ObjectWritable.writeObject(out, null, String.class, CONF, false));
    failure(hex(out -> UTF8.writeString(out, "demo.Nothing")));
    failure(hex(out -> UTF8.writeString(out, "constructor")));
    failure(nothing.substring(0, nothing.length() - string.length()) + hex(out -> UTF8.writeString(out, "demo.Nothing")));
    failure(color + hex(out -> UTF8.writeString(out, "BLUE")));
    failure(string + "0002ff41");
    failure(string + "000a4180424242424242424242");
  }

  private void failure(String bytes) throws Exception {
    byte[] input = new byte[bytes.length() / 2];
    for (int i = 0; i < input.length; i++) input[i] = (byte) Integer.parseInt(bytes.substring(2 * i, 2 * i + 2), 16);
    ObjectWritable object = new ObjectWritable();
    object.setConf(CONF);
    try {
      object.readFields(new DataInputStream(new ByteArrayInputStream(input)));
      throw new AssertionError("was read: " + bytes);
    } catch (IOException | RuntimeException e) {
      errors.add("{\"hex\": \"" + bytes + "\", \"message\": " + quote(e.getMessage()) + "}");
    }
  }

  private static String hex(Body body) throws IOException {
    DataOutputBuffer out = new DataOutputBuffer();
    body.write(out);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < out.getLength(); i++) text.append(String.format("%02x", out.getData()[i]));
    return text.toString();
  }

  private static String json(Object value) {
    if (value == null || value instanceof NullWritable) return "null";
    if (value instanceof String || value instanceof Character || value instanceof Text || value instanceof UTF8) {
      return quote(value.toString());
    }
    if (value instanceof Enum<?> constant) return quote(constant.name());
    if (value instanceof Long || value instanceof LongWritable || value instanceof VLongWritable) return "{\"long\": \"" + value + "\"}";
    if (value instanceof Float number) return number(number.doubleValue());
    if (value instanceof FloatWritable number) return number(number.get());
    if (value instanceof Double number) return number(number);
    if (value instanceof DoubleWritable number) return number(number.get());
    if (value instanceof byte[] bytes) return bytes(bytes);
    if (value instanceof BytesWritable bytes) return bytes(bytes.copyBytes());
    if (value instanceof ArrayPrimitiveWritable array) return json(array.get());
    if (value instanceof ArrayWritable array) return json(array.get());
    if (value instanceof Point point) {
      return "{\"x\": " + point.x + ", \"y\": " + json(point.y) + ", \"label\": " + quote(point.label) + "}";
    }
    if (value instanceof ProtocolSignature signature) {
      return "{\"version\": " + json(signature.getVersion()) + ", \"methods\": " + Arrays.toString(signature.getMethods()) + "}";
    }
    if (!value.getClass().isArray()) return value.toString();
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < Array.getLength(value); i++) elements.add(json(Array.get(value, i)));
    return "[" + String.join(", ", elements) + "]";
  }

  private static String number(double value) {
    return "{\"number\": \"" + value + "\"}";
  }

  private static String bytes(byte[] value) {
    StringBuilder text = new StringBuilder();
    for (byte b : value) text.append(String.format("%02x", b));
    return "{\"bytes\": \"" + text + "\"}";
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') quoted.append(c);
      else quoted.append(String.format("\\u%04x", (int) c));
    }
    return quoted.append('"').toString();
  }

  private WritableVectors() {}
}
