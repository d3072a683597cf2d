package io.flyball.engine.request;

import java.math.BigDecimal;
import java.util.Objects;

/** What one call may be at most, and what becomes of one that is more. Immutable. */
public final class RequestLimits {
  /** Calls may be anything. */
  public static final RequestLimits NONE = builder().build();

  /** What may be left out of a prompt. */
  public enum Trim {
    NOTHING(null),
    OLDEST_TURNS("oldest-turns"),
    MIDDLE("middle");

    private final String word;

    Trim(String word) {
      this.word = word;
    }

    /** As users write it and events say it. */
    String word() {
      return word;
    }
  }

  private final long maxInputTokens;
  private final long maxOutputTokens;
  private final BigDecimal maxCostUsd;
  private final boolean admitsUnpriced;
  private final Trim trim;
  private final String routeTo;
  private final long routeWindow;

  private RequestLimits(Builder builder) {
    this.maxInputTokens = builder.maxInputTokens;
    this.maxOutputTokens = builder.maxOutputTokens;
    this.maxCostUsd = builder.maxCostUsd;
    this.admitsUnpriced = builder.admitsUnpriced;
    this.trim = builder.trim;
    this.routeTo = builder.routeTo;
    this.routeWindow = builder.routeWindow;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Whether nothing is limited. */
  public boolean isEmpty() {
    return maxInputTokens == 0 && maxOutputTokens == 0 && maxCostUsd == null;
  }

  /** 0: any number. */
  long maxInputTokens() {
    return maxInputTokens;
  }

  /** Of each choice; 0: any number. */
  long maxOutputTokens() {
    return maxOutputTokens;
  }

  /** Null: anything. */
  BigDecimal maxCostUsd() {
    return maxCostUsd;
  }

  /** Whether models without a known price may be asked where the cost is limited. */
  boolean admitsUnpriced() {
    return admitsUnpriced;
  }

  Trim trim() {
    return trim;
  }

  /** The target that takes what is too much; null when none does. */
  String routeTo() {
    return routeTo;
  }

  /** What the user says that target's context window is, in tokens; 0 when nothing. */
  long routeWindow() {
    return routeWindow;
  }

  /** By default nothing is limited, and what is too much is refused. */
  public static final class Builder {
    private long maxInputTokens;
    private long maxOutputTokens;
    private BigDecimal maxCostUsd;
    private boolean admitsUnpriced;
    private Trim trim = Trim.NOTHING;
    private String routeTo;
    private long routeWindow;

    private Builder() {}

    /** 0: any number. */
    public Builder maxInputTokens(long tokens) {
      this.maxInputTokens = tokens;
      return this;
    }

    /** 0: any number. */
    public Builder maxOutputTokens(long tokens) {
      this.maxOutputTokens = tokens;
      return this;
    }

    /**
     * @param usd null: anything
     * @param unpricedToo whether models without a known price may be asked
     */
    public Builder maxCostUsd(BigDecimal usd, boolean unpricedToo) {
      this.maxCostUsd = usd;
      this.admitsUnpriced = unpricedToo;
      return this;
    }

    /** What is too much is made less. */
    public Builder trim(Trim what) {
      this.trim = Objects.requireNonNull(what, "what");
      return this;
    }

    /**
     * What is too much is sent to that target.
     *
     * @param contextWindow its own in tokens; 0: that of its model, where it is known
     */
    public Builder routeTo(String target, long contextWindow) {
      this.routeTo = target;
      this.routeWindow = contextWindow;
      return this;
    }

    public RequestLimits build() {
      return new RequestLimits(this);
    }
  }
}
