package io.flyball.engine.limit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Which limits hold. Immutable. */
public final class LimitSettings {
  /** No limits, and providers are not listened to. */
  public static final LimitSettings NONE =
      new LimitSettings(
          Collections.<LimitScope, Limits>emptyMap(),
          Collections.<String, Limits>emptyMap(),
          false,
          true);

  private final Map<LimitScope, Limits> each = new EnumMap<>(LimitScope.class);
  private final Map<String, Limits> targets;
  private final boolean adaptive;
  private final boolean shared;
  private final boolean tokens;
  private final boolean adaptiveForAll;

  /** The same with limits that a fleet has together. */
  public LimitSettings(
      Map<LimitScope, Limits> each, Map<String, Limits> targets, boolean adaptive) {
    this(each, targets, adaptive, true);
  }

  /**
   * @param each the limits of each value of a scope; where a scope is missing there are none
   * @param targets the limits of some targets by name, in place of those of each target
   * @param adaptive whether less is sent to a provider that says it is asked too much
   * @param shared whether the JVMs of a fleet have them together; alone it makes no difference
   */
  public LimitSettings(
      Map<LimitScope, Limits> each, Map<String, Limits> targets, boolean adaptive, boolean shared) {
    this(each, targets, adaptive, shared, true);
  }

  /**
   * The same.
   *
   * @param adaptiveForAll whether less is sent there also where nobody else may answer, so that
   *     calls wait that the provider might have answered
   */
  public LimitSettings(
      Map<LimitScope, Limits> each,
      Map<String, Limits> targets,
      boolean adaptive,
      boolean shared,
      boolean adaptiveForAll) {
    this.each.putAll(each);
    this.targets = Collections.unmodifiableMap(new HashMap<>(targets));
    this.adaptive = adaptive;
    this.shared = shared;
    this.adaptiveForAll = adaptiveForAll;
    this.tokens = anyLimitsTokens(each) || anyLimitsTokens(targets);
  }

  private static boolean anyLimitsTokens(Map<?, Limits> limits) {
    return limits.values().stream().anyMatch(each -> each.tpm() != Limits.UNLIMITED);
  }

  Limits of(LimitScope scope, String value) {
    Limits limits = scope == LimitScope.TARGET ? targets.get(value) : null;
    return limits != null ? limits : each.getOrDefault(scope, Limits.NONE);
  }

  boolean adaptive() {
    return adaptive;
  }

  boolean adaptiveForAll() {
    return adaptiveForAll;
  }

  boolean shared() {
    return shared;
  }

  boolean countsTokens() {
    return tokens;
  }
}
