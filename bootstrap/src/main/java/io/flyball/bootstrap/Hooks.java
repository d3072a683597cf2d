package io.flyball.bootstrap;

/** What the agent answers to woven code. Implementations never throw. */
public interface Hooks {

  /**
   * Before a hooked method.
   *
   * @param hook the hook's name
   * @param self the instance, or null in a static method
   * @param arguments as the advice passed them; null when it passed none
   * @return null to go on, else what to do instead
   */
  Outcome enter(String hook, Object self, Object[] arguments);

  /**
   * After a hooked method returned normally.
   *
   * @return null to leave the result, else what to do instead
   */
  Outcome exit(String hook, Object self, Object[] arguments, Object result);
}
