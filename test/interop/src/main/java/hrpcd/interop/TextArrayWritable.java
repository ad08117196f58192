package hrpcd.interop;

import org.apache.hadoop.io.ArrayWritable;
import org.apache.hadoop.io.Text;

/** An array of Text; see {@link LongArrayWritable}. */
public class TextArrayWritable extends ArrayWritable {
  public TextArrayWritable() {
    super(Text.class);
  }

  public TextArrayWritable(Text... values) {
    super(Text.class, values);
  }
}
