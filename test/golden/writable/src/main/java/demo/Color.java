package demo;

public enum Color {
  RED,
  GREEN {
    @Override
    public String toString() {
      return "a constant with a class of its own";
    }
  };

  public enum Depth {
    LIGHT,
    __proto__
  }
}
