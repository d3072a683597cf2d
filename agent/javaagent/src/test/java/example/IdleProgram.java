package example;

/** Waits to be ended. */
public final class IdleProgram {
  private IdleProgram() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println("idle");
    System.in.read();
    Thread.sleep(120_000);
  }
}
