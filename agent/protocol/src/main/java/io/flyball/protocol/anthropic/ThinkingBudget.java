package io.flyball.protocol.anthropic;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;

/** How much of its output the model may think: {@code max_tokens} must be more. */
final class ThinkingBudget {
  private static final JsonShape<ThinkingBudget> SHAPE =
      JsonShape.<ThinkingBudget>builder()
          .inside(
              "thinking",
              JsonShape.<ThinkingBudget>builder()
                  .value("budget_tokens", (budget, value) -> budget.tokens = value.integer())
                  .build())
          .build();

  private Long tokens;

  private ThinkingBudget() {}

  /** In tokens; 0 when the request sets none. */
  static long of(byte[] body) {
    ThinkingBudget budget = new ThinkingBudget();
    JsonDocument.read(body, SHAPE, budget);
    return budget.tokens == null ? 0 : budget.tokens;
  }
}
