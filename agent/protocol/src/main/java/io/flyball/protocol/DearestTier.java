package io.flyball.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which of several service tiers that a request names counts is the server's choice. */
public final class DearestTier {
  /** The dearest last; all others cost less. */
  private static final List<String> DEAR = Arrays.asList("auto", "priority");

  private DearestTier() {}

  /**
   * The dearer one of two.
   *
   * @param known named before, or null
   * @param told named after it, or null
   */
  public static String of(String known, String told) {
    return told == null || rank(known) > rank(told) ? known : told;
  }

  private static int rank(String tier) {
    return tier == null ? -1 : DEAR.indexOf(tier.toLowerCase(Locale.ROOT));
  }
}
