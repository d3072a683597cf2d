package io.flyball.base.log;

/** How much is logged; each level includes those before it. */
public enum Level {
  /** Nothing at all. */
  OFF,
  ERROR,
  WARN,
  INFO,
  /** Also stack traces, whose messages may hold what the application sent. */
  DEBUG
}
