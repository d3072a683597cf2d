package io.flyball.agent;

/** The command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    String version = Main.class.getPackage().getImplementationVersion();
    System.out.println("flyball " + version);
  }
}
