package io.flyball.engine.call;

import java.util.Locale;

/** What the budgets that a call is charged to made of it; the more they did the later. */
public enum BudgetDecision {
  /** All of them had room. */
  ALLOW,
  /** The answer was limited to what one of them paid for. */
  SHORTEN,
  /** One of them had no room, and a cheaper target was asked instead. */
  DEGRADE,
  /** One of them had no room, and a last good answer was looked for instead. */
  CACHE,
  /** One of them had no room. */
  BLOCK;

  /** The word for it in events. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
