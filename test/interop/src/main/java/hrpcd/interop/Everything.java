package hrpcd.interop;

import java.io.IOException;
import org.apache.hadoop.io.BooleanWritable;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;

/**
 * One method for every type that the Writable engine carries, and one for every way a call can fail.
 * {@code test/interop/everything.ts} declares the same interface; a test compares their fingerprints.
 */
public interface Everything extends BaseProtocol {
  long versionID = 3L;

  boolean echoBoolean(boolean value) throws IOException;

  byte echoByte(byte value) throws IOException;

  char echoChar(char value) throws IOException;

  short echoShort(short value) throws IOException;

  int echoInt(int value) throws IOException;

  long echoLong(long value) throws IOException;

  float echoFloat(float value) throws IOException;

  double echoDouble(double value) throws IOException;

  String echoString(String value) throws IOException;

  Color echoColor(Color value) throws IOException;

  boolean[] echoBooleans(boolean[] value) throws IOException;

  byte[] echoBytes(byte[] value) throws IOException;

  char[] echoChars(char[] value) throws IOException;

  short[] echoShorts(short[] value) throws IOException;

  int[] echoInts(int[] value) throws IOException;

  long[] echoLongs(long[] value) throws IOException;

  float[] echoFloats(float[] value) throws IOException;

  double[] echoDoubles(double[] value) throws IOException;

  String[] echoStrings(String[] value) throws IOException;

  Color[] echoColors(Color[] value) throws IOException;

  int[][] echoIntTable(int[][] value) throws IOException;

  byte[][] echoByteTable(byte[][] value) throws IOException;

  String[][] echoStringTable(String[][] value) throws IOException;

  long[][][] echoLongCube(long[][][] value) throws IOException;

  Text echoText(Text value) throws IOException;

  IntWritable echoIntWritable(IntWritable value) throws IOException;

  LongWritable echoLongWritable(LongWritable value) throws IOException;

  BooleanWritable echoBooleanWritable(BooleanWritable value) throws IOException;

  BytesWritable echoBytesWritable(BytesWritable value) throws IOException;

  NullWritable echoNullWritable(NullWritable value) throws IOException;

  LongArrayWritable echoLongArrayWritable(LongArrayWritable value) throws IOException;

  TextArrayWritable echoTextArrayWritable(TextArrayWritable value) throws IOException;

  Text[] echoTexts(Text[] value) throws IOException;

  /** Answers all its arguments, joined by commas: numbers in decimal, null as {@code null}. */
  String mixed(boolean a, byte b, char c, short d, int e, long f, String g, Color h, int[] i, String[] j, Text k)
      throws IOException;

  int noArguments() throws IOException;

  void nothing() throws IOException;

  void swallow(String value) throws IOException;

  /** Answers the text that was sent after this many milliseconds. */
  String slow(long millis, String text) throws IOException;

  /** Throws java.io.IOException with this message. */
  void failWithIOException(String message) throws IOException;

  /** Throws java.io.FileNotFoundException with this message. */
  String failWithFileNotFound(String message) throws IOException;

  /** Throws {@link InteropException} with this message. */
  int[] failWithCustom(String message) throws IOException;

  /** Throws an unchecked exception with this message. */
  void failWithRuntime(String message) throws IOException;

  /** Throws org.apache.hadoop.ipc.RpcServerException with this message, which has an error code of its own. */
  void failWithRpcServerException(String message) throws IOException;

  /** Throws java.io.IOException without a message. */
  void failWithoutMessage() throws IOException;

  /** Answers a value that cannot be written. */
  Unwritable failWhileWriting() throws IOException;

  /** Name of the user that the call runs as. */
  String whoAmI() throws IOException;
}
