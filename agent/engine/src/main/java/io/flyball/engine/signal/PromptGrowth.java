package io.flyball.engine.signal;

import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Usage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Notices when the prompts of a feature have become about twice as long as they used to be. Told of
 * by the thread of the records; asked by any.
 */
public final class PromptGrowth implements CallListener {

  /** The prompts of a feature have grown. Immutable. */
  public static final class Alert {
    private final String feature;
    private final long before;
    private final long now;

    Alert(String feature, long before, long now) {
      this.feature = feature;
      this.before = before;
      this.now = now;
    }

    /** Empty for calls without a feature. */
    public String feature() {
      return feature;
    }

    /** The median of the tokens of earlier prompts. */
    public long before() {
      return before;
    }

    /** The median of the tokens of the latest ones. */
    public long now() {
      return now;
    }

    /** For the log. */
    @Override
    public String toString() {
      String whose = feature.isEmpty() ? "calls without a feature" : "the feature " + feature;
      return "prompts of " + whose + " have grown: " + before + " -> " + now + " tokens (median)";
    }
  }

  private final int maxFeatures;
  private final Consumer<Alert> told;
  private final Map<String, PromptLengths> features;
  private long alerts;

  /**
   * @param maxFeatures how many features are watched; those that have not been heard of for the
   *     longest time are forgotten
   */
  public PromptGrowth(int maxFeatures, Consumer<Alert> told) {
    this.maxFeatures = maxFeatures;
    this.told = told;
    this.features =
        new LinkedHashMap<String, PromptLengths>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, PromptLengths> eldest) {
            return size() > PromptGrowth.this.maxFeatures;
          }
        };
  }

  @Override
  public void callEnded(CallRecord record) {
    long tokens = promptTokens(record);
    if (tokens > 0) {
      String feature = record.attribution().feature();
      called(feature == null ? "" : feature, tokens);
    }
  }

  /** How long the prompt of a call was; 0 when it has none, or that is not known. */
  public static long promptTokens(CallRecord record) {
    Operation operation = record.request().operation();
    Usage usage = record.usage();
    boolean prompt = operation != Operation.EMBEDDINGS && operation != Operation.COUNT_TOKENS;
    return prompt && usage != null ? usage.input() : 0;
  }

  private void called(String feature, long tokens) {
    Alert alert = null;
    synchronized (features) {
      PromptLengths lengths = features.get(feature);
      if (lengths == null) {
        lengths = new PromptLengths();
        features.put(feature, lengths);
      }
      if (lengths.add(tokens)) {
        alert = new Alert(feature, lengths.before(), lengths.now());
        lengths.startAnew();
        alerts++;
      }
    }
    if (alert != null) {
      told.accept(alert);
    }
  }

  /** How many alerts there were. */
  public long alerts() {
    synchronized (features) {
      return alerts;
    }
  }

  /**
   * How much longer the latest prompts of each feature are than the earlier ones: 1 is no longer.
   * Features of which too little is known are not in it.
   */
  public Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    synchronized (features) {
      for (Map.Entry<String, PromptLengths> feature : features.entrySet()) {
        PromptLengths lengths = feature.getValue();
        if (lengths.before() > 0) {
          ratios.put(feature.getKey(), (double) lengths.now() / lengths.before());
        }
      }
    }
    return ratios;
  }
}
