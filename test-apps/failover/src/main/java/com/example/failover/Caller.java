package com.example.failover;

/** An application's way to ask a model, with its own client. Used by many threads. */
public interface Caller {

  /** Asks and waits for the whole answer, streaming or not. */
  Completion ask(String model, boolean stream, String prompt) throws Exception;

  /** The caller of that class: made from a base URL (with its version) and a key. */
  static Caller named(String className, String baseUrl, String key)
      throws ReflectiveOperationException {
    return (Caller)
        Class.forName(className)
            .getDeclaredConstructor(String.class, String.class)
            .newInstance(baseUrl, key);
  }
}
