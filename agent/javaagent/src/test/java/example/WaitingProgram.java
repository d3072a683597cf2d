package example;

/**
 * Has used its client already when the agent comes, and goes on until the client answers otherwise.
 */
public final class WaitingProgram {
  private WaitingProgram() {}

  public static void main(String[] arguments) throws Exception {
    Client client = new Client();
    System.out.println("before " + client.call("q"));
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (client.call("q").startsWith("network") && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    System.out.println("after " + client.call("q"));
    // Who attaches is told that it is done only after that: it ends this program.
    Thread.sleep(120_000);
  }
}
