package io.flyball.engine.price;

/** How much a model can read and write, as far as the catalogue knows. Immutable. */
public final class ModelLimits {
  static final ModelLimits UNKNOWN = new ModelLimits(null, null);

  private final Long contextWindow;
  private final Long maxOutputTokens;

  /**
   * @param contextWindow tokens, above 0, or null
   * @param maxOutputTokens tokens, above 0, or null
   */
  ModelLimits(Long contextWindow, Long maxOutputTokens) {
    this.contextWindow = contextWindow;
    this.maxOutputTokens = maxOutputTokens;
  }

  /**
   * Tokens that a prompt may have, with most models together with its answer; null when not known.
   */
  public Long contextWindow() {
    return contextWindow;
  }

  /** Tokens that an answer may have, reasoning included; null when not known. */
  public Long maxOutputTokens() {
    return maxOutputTokens;
  }

  /** These limits, and where they are not known the others. */
  ModelLimits orElse(ModelLimits others) {
    return new ModelLimits(
        contextWindow == null ? others.contextWindow : contextWindow,
        maxOutputTokens == null ? others.maxOutputTokens : maxOutputTokens);
  }

  @Override
  public String toString() {
    return "ModelLimits{contextWindow="
        + contextWindow
        + ", maxOutputTokens="
        + maxOutputTokens
        + '}';
  }
}
