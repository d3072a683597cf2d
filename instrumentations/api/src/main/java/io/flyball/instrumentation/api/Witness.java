package io.flyball.instrumentation.api;

import java.util.Objects;

/** A class, and optionally a method of it, that must exist in the hooked library. Immutable. */
public final class Witness {
  private final String type;
  private final String method;

  private Witness(String type, String method) {
    this.type = Objects.requireNonNull(type, "type");
    this.method = method;
  }

  public static Witness type(String binaryName) {
    return new Witness(binaryName, null);
  }

  /** A method of that name, any parameters, declared by that class. */
  public static Witness method(String binaryName, String method) {
    return new Witness(binaryName, Objects.requireNonNull(method, "method"));
  }

  public String type() {
    return type;
  }

  /** The method's name, or null when the class alone is the witness. */
  public String method() {
    return method;
  }
}
