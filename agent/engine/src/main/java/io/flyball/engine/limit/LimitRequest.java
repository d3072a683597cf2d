package io.flyball.engine.limit;

import io.flyball.engine.call.Attribution;

/**
 * What a call is that asks to be let through. A part that is not said, or not known, is not
 * limited. Immutable.
 */
public final class LimitRequest {
  private static final String ALL = "";

  /** More than any call can use, and far from an overflow. */
  private static final long MAX_TOKENS = 1_000_000_000_000L;

  private final boolean global;
  private final Attribution attribution;
  private final String target;
  private final String provider;
  private final long tokens;

  private LimitRequest(
      boolean global, Attribution attribution, String target, String provider, long tokens) {
    this.global = global;
    this.attribution = attribution;
    this.target = target;
    this.provider = provider;
    this.tokens = sensible(tokens);
  }

  /**
   * A call as such, wherever it goes: what all together and who it is charged to may.
   *
   * @param tokens how many it will probably use
   */
  public static LimitRequest ofCall(Attribution attribution, long tokens) {
    return new LimitRequest(true, attribution, null, null, tokens);
  }

  /**
   * An attempt at one target.
   *
   * @param target its name, or its host
   * @param provider what the provider's word that it is asked too much holds for: the target and
   *     the model, say; null: such words are not listened to
   * @param tokens how many it will probably use
   */
  public static LimitRequest ofAttempt(String target, String provider, long tokens) {
    return new LimitRequest(false, Attribution.NONE, target, provider, tokens);
  }

  /** This call at that target: all limits at once. */
  public LimitRequest at(String itsTarget, String itsProvider) {
    return new LimitRequest(global, attribution, itsTarget, itsProvider, tokens);
  }

  /** A number of tokens that can be reckoned with. */
  static long sensible(long tokens) {
    return Math.max(0, Math.min(tokens, MAX_TOKENS));
  }

  String provider() {
    return provider;
  }

  long tokens() {
    return tokens;
  }

  /** Null when it has none. */
  String valueOf(LimitScope scope) {
    switch (scope) {
      case GLOBAL:
        return global ? ALL : null;
      case TARGET:
        return target;
      case TENANT:
        return attribution.tenant();
      case FEATURE:
        return attribution.feature();
      default:
        return attribution.userHash();
    }
  }
}
