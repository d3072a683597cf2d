package io.flyball.instrumentation.api;

import io.flyball.bootstrap.Outcome;

/**
 * The part of an instrumentation that speaks the library's own types; one instance per application
 * loader. A LinkageError from it switches it off for that loader; any other exception is an
 * internal error and the application goes on as if there were no agent. An exception meant for the
 * application is returned as {@link Outcome#failure}.
 */
public interface Plugin {

  /** Before a hooked method; null goes on with it. */
  default Outcome enter(String hook, Object self, Object[] arguments) {
    return null;
  }

  /** After a hooked method; null leaves its result. */
  default Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    return null;
  }
}
