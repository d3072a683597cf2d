package io.flyball.settings;

/**
 * Looks at settings together, once each has been judged by itself: computes defaults, reads what a
 * setting names, tells of what contradicts something else. Runs wherever a configuration is read,
 * also for {@code check-config} and before attaching to another JVM.
 */
public interface Rule {

  /** Must not throw. What is wrong is told to the draft, whose settings may be wrong already. */
  void apply(Draft draft);
}
