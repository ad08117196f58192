package hrpcd.interop;

import org.apache.hadoop.io.ArrayWritable;
import org.apache.hadoop.io.LongWritable;

/**
 * An array of LongWritable. ArrayWritable itself has no constructor without arguments, so no receiver can make one:
 * a protocol names a subclass, as this one.
 */
public class LongArrayWritable extends ArrayWritable {
  public LongArrayWritable() {
    super(LongWritable.class);
  }

  public LongArrayWritable(LongWritable... values) {
    super(LongWritable.class, values);
  }
}
