package example;

/** Calls its client, the one that fits and the one that does not, each twice. */
public final class CallingProgram {
  private CallingProgram() {}

  public static void main(String[] arguments) {
    for (int i = 0; i < 2; i++) {
      System.out.println(new Client().call(arguments[0]));
      System.out.println(new OwnClient().call(arguments[0]));
      System.out.println(new OldClient().call(arguments[0]));
    }
  }

  /** The application's own variant. */
  private static final class OwnClient extends Client {}
}
