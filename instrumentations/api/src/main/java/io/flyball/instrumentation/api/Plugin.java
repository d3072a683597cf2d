package io.flyball.instrumentation.api;

import io.flyball.bootstrap.Outcome;

/**
 * The part of an instrumentation that speaks the library's own types; one instance per application
 * loader. A LinkageError from it switches it off for that loader; any other exception is an
 * internal error and the application goes on as if there were no agent. An exception meant for the
 * application is returned as {@link Outcome#failure}.
 */
public interface Plugin {
  /**
   * What follows the instrumentation's name and a colon where {@link #enter} is told of a hooked
   * class, as {@code self}, that was loaded before its hooks were woven. Only for those that follow
   * others.
   */
  String LOADED = "loaded";

  /** Before a hooked method; null goes on with it. */
  default Outcome enter(String hook, Object self, Object[] arguments) {
    return null;
  }

  /** After a hooked method; null leaves its result. */
  default Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    return null;
  }
}
