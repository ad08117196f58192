package hrpcd.interop;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Writable;

/** A value whose writing fails, after the call has succeeded. */
public class Unwritable implements Writable {
  @Override
  public void write(DataOutput out) throws IOException {
    throw new IOException("cannot be written");
  }

  @Override
  public void readFields(DataInput in) {}
}
