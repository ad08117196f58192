package demo;

public interface Derived extends Base {
  long versionID = 7L;

  int add(int a, int b);
}
