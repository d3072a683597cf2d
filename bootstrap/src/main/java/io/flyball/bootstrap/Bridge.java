package io.flyball.bootstrap;

/**
 * The one place where code woven into a client meets the agent. It lives on the bootstrap loader,
 * so every class loader sees the same class; it knows nothing but {@code java.*}.
 */
public final class Bridge {
  /** With that of {@link Tasks} the only static mutable state of Flyball. */
  private static volatile Hooks hooks;

  private Bridge() {}

  /**
   * Connects the agent, or disconnects it with null.
   *
   * @return what was connected before, or null
   */
  public static synchronized Hooks connect(Hooks newHooks) {
    Hooks old = hooks;
    hooks = newHooks;
    return old;
  }

  /**
   * Called by advice before the original method.
   *
   * @return null to go on with the original method, else what to do instead
   */
  public static Outcome enter(String hook, Object self, Object[] arguments) {
    Hooks connected = hooks;
    return connected == null ? null : connected.enter(hook, self, arguments);
  }

  /**
   * Called by advice after the original method returned normally.
   *
   * @return null to leave the result as it is, else what to do instead
   */
  public static Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    Hooks connected = hooks;
    return connected == null ? null : connected.exit(hook, self, arguments, result);
  }
}
