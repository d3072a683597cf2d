package io.flyball.protocol;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a model may have thought, at the price of its output, without a word of it in the stream.
 * Known by the request and, where that does not say, by the names of the model that was asked and
 * of the one that answers: a deployment, an alias or a tuned model has a name of its own.
 */
public final class HiddenReasoning {
  /** Who thinks unless told not to, and shows nothing or a summary of it. */
  private static final Pattern THINKS_UNASKED =
      Pattern.compile(
          "(?:.*[^a-z0-9])?(?:o[1-9]|gpt-?[5-9]|codex|grok-[4-9]|grok-3-mini|deepseek-r|"
              + "deepseek-reasoner|sonar-(?:reasoning|deep)|computer-use|gpt-chat|gemini-(?:2\\.5|[3-9])|"
              + "gemini-(?:flash|pro)(?:-[a-z]+)?-latest|"
              + "claude-(?:opus|sonnet|fable|mythos|haiku)-[5-9])(?:[^a-z0-9].*|[a-z].*|$)");

  /** Of those names, the ones that are known not to think. */
  private static final Pattern ANSWERS_AT_ONCE = Pattern.compile("gpt-?5-chat|non-reasoning");

  private HiddenReasoning() {}

  /**
   * Whether the output of an answer that was left, or that says no usage, may be more than its
   * text.
   *
   * @param said what the provider had said by then
   */
  public static boolean isPossible(RequestFacts request, ResponseFacts said) {
    if (request.operation() == Operation.EMBEDDINGS || Boolean.FALSE.equals(request.reasons())) {
      return false;
    }
    return !tellsThoughts(request.protocol().id(), said)
        && (Boolean.TRUE.equals(request.reasons())
            || thinks(request.model())
            || thinks(said.model()));
  }

  /**
   * Whether the usage has what was thought by then. Before the end of a stream it is often a
   * placeholder: nothing but the prompt, or zeros.
   */
  private static boolean tellsThoughts(String protocol, ResponseFacts said) {
    Usage usage = said.usage();
    if (usage == null) {
      return false;
    }
    if (usage.reasoning() > 0) {
      return true;
    }
    if (protocol.startsWith("anthropic")) {
      return usage.source() != Usage.Source.PARTIAL;
    }
    boolean failed = said.errorType() != null || said.errorMessage() != null;
    if (!said.events() || said.complete() || failed) {
      return true;
    }
    // Google tells thoughts apart wherever it tells output.
    return protocol.startsWith("gemini") && usage.output() > 0;
  }

  private static boolean thinks(String model) {
    if (model == null) {
      return false;
    }
    String name = model.toLowerCase(Locale.ROOT);
    return THINKS_UNASKED.matcher(name).matches() && !ANSWERS_AT_ONCE.matcher(name).find();
  }
}
