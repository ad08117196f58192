package hrpcd.interop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.hadoop.io.BooleanWritable;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.IntWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.ipc.ProtocolSignature;
import org.apache.hadoop.ipc.RpcServerException;
import org.apache.hadoop.security.UserGroupInformation;

/** Everything, served. {@code test/interop/everything.ts} has the same in TypeScript. */
final class EverythingService implements Everything {
  @Override
  public long getProtocolVersion(String protocol, long clientVersion) {
    return protocol.equals(BaseProtocol.class.getName()) ? BaseProtocol.versionID : Everything.versionID;
  }

  @Override
  public ProtocolSignature getProtocolSignature(String protocol, long clientVersion, int clientMethodsHash)
      throws IOException {
    return ProtocolSignature.getProtocolSignature(this, protocol, clientVersion, clientMethodsHash);
  }

  @Override
  public String fromBase(String text) {
    return "base:" + text;
  }

  @Override
  public boolean echoBoolean(boolean value) {
    return value;
  }

  @Override
  public byte echoByte(byte value) {
    return value;
  }

  @Override
  public char echoChar(char value) {
    return value;
  }

  @Override
  public short echoShort(short value) {
    return value;
  }

  @Override
  public int echoInt(int value) {
    return value;
  }

  @Override
  public long echoLong(long value) {
    return value;
  }

  @Override
  public float echoFloat(float value) {
    return value;
  }

  @Override
  public double echoDouble(double value) {
    return value;
  }

  @Override
  public String echoString(String value) {
    return value;
  }

  @Override
  public Color echoColor(Color value) {
    return value;
  }

  @Override
  public boolean[] echoBooleans(boolean[] value) {
    return value;
  }

  @Override
  public byte[] echoBytes(byte[] value) {
    return value;
  }

  @Override
  public char[] echoChars(char[] value) {
    return value;
  }

  @Override
  public short[] echoShorts(short[] value) {
    return value;
  }

  @Override
  public int[] echoInts(int[] value) {
    return value;
  }

  @Override
  public long[] echoLongs(long[] value) {
    return value;
  }

  @Override
  public float[] echoFloats(float[] value) {
    return value;
  }

  @Override
  public double[] echoDoubles(double[] value) {
    return value;
  }

  @Override
  public String[] echoStrings(String[] value) {
    return value;
  }

  @Override
  public Color[] echoColors(Color[] value) {
    return value;
  }

  @Override
  public int[][] echoIntTable(int[][] value) {
    return value;
  }

  @Override
  public byte[][] echoByteTable(byte[][] value) {
    return value;
  }

  @Override
  public String[][] echoStringTable(String[][] value) {
    return value;
  }

  @Override
  public long[][][] echoLongCube(long[][][] value) {
    return value;
  }

  @Override
  public Text echoText(Text value) {
    return value;
  }

  @Override
  public IntWritable echoIntWritable(IntWritable value) {
    return value;
  }

  @Override
  public LongWritable echoLongWritable(LongWritable value) {
    return value;
  }

  @Override
  public BooleanWritable echoBooleanWritable(BooleanWritable value) {
    return value;
  }

  @Override
  public BytesWritable echoBytesWritable(BytesWritable value) {
    return value;
  }

  @Override
  public NullWritable echoNullWritable(NullWritable value) {
    return value;
  }

  @Override
  public LongArrayWritable echoLongArrayWritable(LongArrayWritable value) {
    return value;
  }

  @Override
  public TextArrayWritable echoTextArrayWritable(TextArrayWritable value) {
    return value;
  }

  @Override
  public Text[] echoTexts(Text[] value) {
    return value;
  }

  @Override
  public String mixed(
      boolean a, byte b, char c, short d, int e, long f, String g, Color h, int[] i, String[] j, Text k) {
    String ints = Arrays.stream(i).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    return String.join(
        ",", "" + a, "" + b, "" + (int) c, "" + d, "" + e, "" + f, "" + g, "" + h, ints, String.join(" ", j), "" + k);
  }

  @Override
  public int noArguments() {
    return 42;
  }

  @Override
  public void nothing() {}

  @Override
  public void swallow(String value) {}

  @Override
  public String slow(long millis, String text) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    return text;
  }

  @Override
  public void failWithIOException(String message) throws IOException {
    throw new IOException(message);
  }

  @Override
  public String failWithFileNotFound(String message) throws IOException {
    throw new FileNotFoundException(message);
  }

  @Override
  public int[] failWithCustom(String message) throws IOException {
    throw new InteropException(message);
  }

  @Override
  public void failWithRuntime(String message) {
    throw new IllegalStateException(message);
  }

  @Override
  public void failWithRpcServerException(String message) throws IOException {
    throw new RpcServerException(message);
  }

  @Override
  public void failWithoutMessage() throws IOException {
    throw new IOException();
  }

  @Override
  public Unwritable failWhileWriting() {
    return new Unwritable();
  }

  @Override
  public String whoAmI() throws IOException {
    return UserGroupInformation.getCurrentUser().getUserName();
  }
}
