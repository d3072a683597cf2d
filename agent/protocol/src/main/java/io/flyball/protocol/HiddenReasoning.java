package io.flyball.protocol;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a model may have thought, at the price of its output, without a word of it in the stream.
 * Known by the request and, where that does not say, by the model's name.
 */
public final class HiddenReasoning {
  /** Who thinks unless told not to, and shows nothing or a summary of it. */
  private static final Pattern THINKS_UNASKED =
      Pattern.compile(
          "(?:.*[^a-z0-9])?(?:o[1-9]|gpt-?[5-9]|codex|grok-[4-9]|grok-3-mini|deepseek-r|"
              + "deepseek-reasoner|sonar-(?:reasoning|deep)|gemini-(?:2\\.5|[3-9])|"
              + "claude-(?:opus|sonnet|fable|mythos|haiku)-[5-9])(?:[^a-z0-9].*|[a-z].*|$)");

  private HiddenReasoning() {}

  /**
   * Whether the output of an answer that was left, or that says no usage, may be more than its
   * text.
   *
   * @param said what the provider had reported by then; null: nothing
   */
  public static boolean isPossible(RequestFacts request, Usage said) {
    if (request.operation() == Operation.EMBEDDINGS || Boolean.FALSE.equals(request.reasons())) {
      return false;
    }
    if (said != null) {
      // Others report what they have thought so far; Anthropic says at first what it has read.
      boolean early = said.source() == Usage.Source.PARTIAL && isAnthropic(request);
      return early && thinks(request);
    }
    return thinks(request);
  }

  private static boolean isAnthropic(RequestFacts request) {
    return request.protocol().id().startsWith("anthropic");
  }

  private static boolean thinks(RequestFacts request) {
    if (request.reasons() != null || request.model() == null) {
      return Boolean.TRUE.equals(request.reasons());
    }
    String name = request.model().toLowerCase(Locale.ROOT);
    return THINKS_UNASKED.matcher(name).matches()
        && !name.contains("non-reasoning")
        && !name.contains("-chat");
  }
}
