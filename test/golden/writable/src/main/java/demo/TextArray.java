package demo;

import org.apache.hadoop.io.ArrayWritable;
import org.apache.hadoop.io.Text;

public class TextArray extends ArrayWritable {
  public TextArray() {
    super(Text.class);
  }
}
