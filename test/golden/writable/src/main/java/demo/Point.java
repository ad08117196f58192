package demo;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.Writable;

public class Point implements Writable {
  public int x;
  public long y;
  public String label = "";

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeInt(x);
    out.writeLong(y);
    Text.writeString(out, label);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    x = in.readInt();
    y = in.readLong();
    label = Text.readString(in);
  }
}
