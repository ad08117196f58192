package hrpcd.interop;

import static hrpcd.interop.Checks.same;

import java.util.Arrays;
import java.util.Random;
import org.apache.hadoop.io.BooleanWritable;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;

/** Every type, there and back. */
final class TypeChecks {
  /** A string that takes more is cut by Hadoop when it writes it (io/UTF8). */
  private static final int LONGEST_STRING = 0xffff / 3;

  /** Sends a value and returns what came back. */
  private interface Echo<T> {
    T call(T value) throws Exception;
  }

  private final Checks checks;
  private final Everything proxy;

  TypeChecks(Checks checks, Everything proxy) {
    this.checks = checks;
    this.proxy = proxy;
  }

  void run() {
    primitives();
    strings();
    primitiveArrays();
    objectArrays();
    tables();
    writables();
    writableArrays();
    others();
  }

  @SafeVarargs
  private final <T> void echoes(String name, Echo<T> echo, T... values) {
    checks.check(
        name,
        () -> {
          for (T value : values) {
            same(value, echo.call(value));
          }
        });
  }

  private void primitives() {
    echoes("boolean: both values", proxy::echoBoolean, true, false);
    echoes("byte: zero, extremes", proxy::echoByte, (byte) 0, (byte) 1, (byte) -1, Byte.MIN_VALUE, Byte.MAX_VALUE);
    echoes("char: NUL, ASCII, a surrogate, the last", proxy::echoChar, '\0', 'a', '\u00e9', '\ud83d', '\uffff');
    echoes("short: zero, extremes", proxy::echoShort, (short) 0, (short) -1, Short.MIN_VALUE, Short.MAX_VALUE);
    echoes("int: zero, extremes", proxy::echoInt, 0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE);
    echoes("long: zero, extremes", proxy::echoLong, 0L, -1L, 1L << 53 | 1, Long.MIN_VALUE, Long.MAX_VALUE);
    echoes(
        "float: zeros, infinities, NaN, extremes",
        proxy::echoFloat,
        0f, -0f, 1.5f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE);
    echoes(
        "double: zeros, infinities, NaN, extremes",
        proxy::echoDouble,
        0d, -0d, 0.1d, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE);
    echoes("enum: every constant", proxy::echoColor, Color.values());
    echoes("enum: null", proxy::echoColor, new Color[] {null});
  }

  private void strings() {
    echoes("String: empty, ASCII, Latin, CJK", proxy::echoString, "", "hello", "na\u00efve", "\u4f60\u597d");
    echoes("String: null", proxy::echoString, new String[] {null});
    echoes(
        "String: the first and last of every encoded length",
        proxy::echoString,
        "\u0001\u007f\u0080\u07ff\u0800\u0fff\u1000\uffff");
    echoes("String: NUL inside", proxy::echoString, "\0", "a\0b");
    echoes("String: outside the basic plane", proxy::echoString, "\ud83d\ude00", "x\ud834\udd1ey");
    echoes("String: lone surrogates", proxy::echoString, "\ud83d", "\ude00\ud83d");
    echoes("String: the longest, one byte per unit", proxy::echoString, repeat("x", LONGEST_STRING));
    echoes("String: the longest, three bytes per unit", proxy::echoString, repeat("\u4f60", LONGEST_STRING));
    checks.check(
        "String: a longer one arrives cut, as Hadoop's writer cuts it",
        () -> same(repeat("x", LONGEST_STRING), proxy.echoString(repeat("x", LONGEST_STRING + 1))));
  }

  private void primitiveArrays() {
    echoes("boolean[]", proxy::echoBooleans, new boolean[] {true, false, true}, new boolean[0], null);
    echoes("byte[]", proxy::echoBytes, new byte[] {0, -1, Byte.MIN_VALUE, Byte.MAX_VALUE}, new byte[0], null);
    echoes("char[]", proxy::echoChars, new char[] {'\0', 'x', '\ud83d', '\uffff'}, new char[0], null);
    echoes("short[]", proxy::echoShorts, new short[] {0, Short.MIN_VALUE, Short.MAX_VALUE}, new short[0], null);
    echoes("int[]", proxy::echoInts, new int[] {0, Integer.MIN_VALUE, Integer.MAX_VALUE}, new int[0], null);
    echoes("long[]", proxy::echoLongs, new long[] {0, Long.MIN_VALUE, Long.MAX_VALUE}, new long[0], null);
    echoes("float[]", proxy::echoFloats, new float[] {0f, -0f, Float.NaN, Float.MAX_VALUE}, new float[0], null);
    echoes("double[]", proxy::echoDoubles, new double[] {0d, -0d, Double.NaN, 1e300}, new double[0], null);
    checks.check(
        "byte[]: one mebibyte",
        () -> {
          byte[] large = new byte[1 << 20];
          new Random(7).nextBytes(large);
          same(large, proxy.echoBytes(large));
        });
    echoes("int[]: ten thousand", proxy::echoInts, new Random(8).ints(10_000).toArray());
  }

  private void objectArrays() {
    echoes(
        "String[]: with null, empty and non-ASCII elements",
        proxy::echoStrings,
        new String[] {"a", null, "", "\ud83d\ude00"}, new String[0], null);
    echoes("enum[]", proxy::echoColors, new Color[] {Color.BLUE, null, Color.RED}, new Color[0], null);
    echoes("Text[]", proxy::echoTexts, new Text[] {new Text("a"), null, new Text("\u4f60")}, new Text[0], null);
  }

  private void tables() {
    echoes(
        "int[][]: ragged, with empty and null rows",
        proxy::echoIntTable,
        new int[][] {{1, -1}, {}, null, {Integer.MAX_VALUE}}, new int[0][], null);
    echoes("byte[][]", proxy::echoByteTable, new byte[][] {{1, -1}, {}, null}, new byte[0][], null);
    echoes("String[][]", proxy::echoStringTable, new String[][] {{"a", null}, {}, null}, new String[0][], null);
    echoes("long[][][]", proxy::echoLongCube, new long[][][] {{{1, 2}, {}}, {}, {null, {Long.MIN_VALUE}}}, null);
  }

  private void writables() {
    echoes(
        "Text: empty, non-ASCII, outside the basic plane, null",
        proxy::echoText,
        new Text(), new Text("na\u00efve"), new Text("\ud83d\ude00"), null);
    echoes("Text: longer than a String may be", proxy::echoText, new Text(repeat("y", 100_000)));
    echoes(
        "IntWritable: extremes, null",
        proxy::echoIntWritable,
        new IntWritable(0), new IntWritable(Integer.MIN_VALUE), new IntWritable(Integer.MAX_VALUE), null);
    echoes(
        "LongWritable: extremes, null",
        proxy::echoLongWritable,
        new LongWritable(0), new LongWritable(Long.MIN_VALUE), new LongWritable(Long.MAX_VALUE), null);
    echoes(
        "BooleanWritable: both, null",
        proxy::echoBooleanWritable,
        new BooleanWritable(true), new BooleanWritable(false), null);
    echoes(
        "BytesWritable: empty, some, null",
        proxy::echoBytesWritable,
        new BytesWritable(), new BytesWritable(new byte[] {0, -1, 127}), null);
    checks.check(
        "BytesWritable: one mebibyte",
        () -> {
          byte[] large = new byte[1 << 20];
          new Random(9).nextBytes(large);
          same(large, proxy.echoBytesWritable(new BytesWritable(large)).copyBytes());
        });
    echoes("NullWritable", proxy::echoNullWritable, NullWritable.get());
  }

  private void writableArrays() {
    checks.check(
        "ArrayWritable of LongWritable",
        () -> {
          LongArrayWritable sent = new LongArrayWritable(new LongWritable(1), new LongWritable(Long.MIN_VALUE));
          LongArrayWritable answer = proxy.echoLongArrayWritable(sent);
          same(sent.get(), answer.get());
          same(0, proxy.echoLongArrayWritable(new LongArrayWritable(new LongWritable[0])).get().length);
          same(null, proxy.echoLongArrayWritable(null));
        });
    checks.check(
        "ArrayWritable of Text",
        () -> {
          TextArrayWritable sent = new TextArrayWritable(new Text(""), new Text("\u4f60\u597d"));
          same(sent.get(), proxy.echoTextArrayWritable(sent).get());
        });
  }

  private void others() {
    checks.check("a method without arguments", () -> same(42, proxy.noArguments()));
    checks.check("a void method without arguments", proxy::nothing);
    checks.check("a void method with an argument", () -> proxy.swallow("gone"));
    checks.check(
        "many arguments of many types",
        () ->
            same(
                "true,-1,120,-2,-3,9007199254740993,\ud83d\ude00,GREEN,1 2 3,a b,text",
                proxy.mixed(
                    true, (byte) -1, 'x', (short) -2, -3, 9007199254740993L, "\ud83d\ude00", Color.GREEN,
                    new int[] {1, 2, 3}, new String[] {"a", "b"}, new Text("text"))));
    checks.check(
        "many arguments, null where a null may be",
        () ->
            same(
                "false,0,0,0,0,0,null,null,,,null",
                proxy.mixed(
                    false, (byte) 0, '\0', (short) 0, 0, 0L, null, null, new int[0], new String[0], null)));
    checks.check(
        "a method of a super-interface travels under that interface's name and version",
        () -> same("base:x", proxy.fromBase("x")));
  }

  private static String repeat(String text, int times) {
    char[] repeated = new char[times];
    Arrays.fill(repeated, text.charAt(0));
    return new String(repeated);
  }
}
