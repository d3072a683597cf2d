package io.flyball.engine.event;

import io.flyball.engine.budget.BudgetAlert;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.signal.PromptGrowth;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Something that the user is told of once, beside calls and anomalies: it has no end. Holds no
 * prompt text. Immutable.
 */
public final class Alert {
  /** {@link #event} where an account has passed a mark of its budget. */
  public static final String BUDGET = "budget";

  /** {@link #event} where the prompts of a feature have grown. */
  public static final String PROMPT_GROWTH = "prompt-growth";

  private final String event;
  private final long epochMillis;
  private final Map<String, Object> fields;
  private final String text;

  private Alert(String event, long epochMillis, Map<String, Object> fields, String text) {
    this.event = event;
    this.epochMillis = epochMillis;
    this.fields = Collections.unmodifiableMap(fields);
    this.text = text;
  }

  /** An account has passed a mark. */
  static Alert of(BudgetAlert alert, long epochMillis) {
    BudgetUnit unit = alert.budget().unit();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("budget", alert.budget().name());
    fields.put("account", alert.account());
    fields.put("title", alert.title());
    fields.put("mark", alert.mark().label());
    fields.put("unit", unit.name().toLowerCase(Locale.ROOT));
    fields.put("used", unit.amount(alert.used()));
    fields.put("limit", unit.amount(alert.budget().limit()));
    fields.put("ends", Instant.ofEpochMilli(alert.windowEnd()).toString());
    return new Alert(BUDGET, epochMillis, fields, alert.toString());
  }

  /** The prompts of a feature have grown. */
  static Alert of(PromptGrowth.Alert alert, long epochMillis) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!alert.feature().isEmpty()) {
      fields.put("feature", alert.feature());
    }
    fields.put("tokens_before", alert.before());
    fields.put("tokens_now", alert.now());
    return new Alert(PROMPT_GROWTH, epochMillis, fields, alert.toString());
  }

  /** What has happened: {@link #BUDGET} or {@link #PROMPT_GROWTH}. */
  public String event() {
    return event;
  }

  /** When, in milliseconds since the epoch. */
  public long epochMillis() {
    return epochMillis;
  }

  /**
   * What is to be said of it, by the names of the event file: texts and numbers, in their order;
   * what is not known is not in it.
   */
  public Map<String, Object> fields() {
    return fields;
  }

  /** For the log: one sentence. */
  @Override
  public String toString() {
    return text;
  }
}
