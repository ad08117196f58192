package hrpcd.interop;

/** An enum that travels by the names of its constants. */
public enum Color {
  RED,
  GREEN,
  BLUE
}
