package io.flyball.benchmarks;

/** The smallest program. */
public final class HelloWorld {

  private HelloWorld() {}

  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
