package example;

/** Uses no client at all. */
public final class HelloProgram {
  private HelloProgram() {}

  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
