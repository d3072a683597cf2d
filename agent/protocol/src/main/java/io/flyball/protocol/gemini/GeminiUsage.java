package io.flyball.protocol.gemini;

import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.function.Function;

/**
 * Tokens as Google counts them in {@code usageMetadata}: the prompt's include the cached ones but
 * not those of tools' results, the candidates' exclude the thoughts. In a stream every chunk may
 * bring the totals so far: the largest told of each counts.
 */
final class GeminiUsage {
  /** {@code AUDIO} where enums are asked for as numbers. */
  private static final long AUDIO = 4;

  private Long prompt;
  private Long toolUsePrompt;
  private Long cached;
  private Long candidates;
  private Long thoughts;
  private Long total;
  private long promptAudio;
  private long cachedAudio;
  private long candidatesAudio;

  /** Of the entry of a details list at hand. */
  private boolean audio;

  private long count;

  /**
   * @param of where the answer keeps its usage
   */
  static <A> JsonShape<A> shape(Function<A, GeminiUsage> of) {
    return JsonShape.<A>builder()
        .value("promptTokenCount", (a, v) -> of.apply(a).prompt = later(of.apply(a).prompt, v))
        .value(
            "toolUsePromptTokenCount",
            (a, v) -> of.apply(a).toolUsePrompt = later(of.apply(a).toolUsePrompt, v))
        .value(
            "cachedContentTokenCount", (a, v) -> of.apply(a).cached = later(of.apply(a).cached, v))
        .value(
            "candidatesTokenCount",
            (a, v) -> of.apply(a).candidates = later(of.apply(a).candidates, v))
        .value(
            "thoughtsTokenCount", (a, v) -> of.apply(a).thoughts = later(of.apply(a).thoughts, v))
        .value("totalTokenCount", (a, v) -> of.apply(a).total = later(of.apply(a).total, v))
        .kind("promptTokensDetails", (a, kind) -> of.apply(a).promptAudio = 0)
        .inside(
            "promptTokensDetails",
            details(
                of, (usage, tokens) -> usage.promptAudio = Counts.plus(usage.promptAudio, tokens)))
        .kind("cacheTokensDetails", (a, kind) -> of.apply(a).cachedAudio = 0)
        .inside(
            "cacheTokensDetails",
            details(
                of, (usage, tokens) -> usage.cachedAudio = Counts.plus(usage.cachedAudio, tokens)))
        .kind("candidatesTokensDetails", (a, kind) -> of.apply(a).candidatesAudio = 0)
        .inside(
            "candidatesTokensDetails",
            details(
                of,
                (usage, tokens) ->
                    usage.candidatesAudio = Counts.plus(usage.candidatesAudio, tokens)))
        .build();
  }

  /** Takes the audio tokens of one entry of a details list. */
  private interface Taker {
    void take(GeminiUsage usage, long audioTokens);
  }

  private static <A> JsonShape<A> details(Function<A, GeminiUsage> of, Taker taker) {
    return JsonShape.<A>builder()
        .begin(a -> of.apply(a).beginEntry())
        .value("modality", (a, v) -> of.apply(a).modality(v))
        .value("tokenCount", (a, v) -> of.apply(a).count = atLeastZero(v.count()))
        .end(
            a -> {
              if (of.apply(a).audio) {
                taker.take(of.apply(a), of.apply(a).count);
              }
            })
        .build();
  }

  private void beginEntry() {
    audio = false;
    count = 0;
  }

  private void modality(JsonValue value) {
    Long number = value.integer();
    audio = value.is("AUDIO") || (number != null && number == AUDIO);
  }

  /** Totals so far never shrink: a smaller one is a placeholder of who passes the stream on. */
  private static Long later(Long known, JsonValue value) {
    Long told = value.count();
    return told == null || (known != null && known > told) ? known : told;
  }

  /**
   * Null when nothing was reported.
   *
   * @param settled whether the counts are final
   */
  Usage usage(boolean settled) {
    if (prompt == null && candidates == null && thoughts == null) {
      return null;
    }
    long reasoning = atLeastZero(thoughts);
    long input = Counts.plus(atLeastZero(prompt), atLeastZero(toolUsePrompt));
    // What the total says beyond the parts is thought about and not told apart.
    long output =
        Math.max(Counts.plus(atLeastZero(candidates), reasoning), atLeastZero(total) - input);
    return Usage.builder(settled ? Usage.Source.REPORTED : Usage.Source.PARTIAL)
        .input(input)
        .cacheRead(atLeastZero(cached))
        .output(output)
        .reasoning(reasoning)
        .inputAudio(promptAudio - Math.min(promptAudio, cachedAudio))
        .outputAudio(candidatesAudio)
        .build();
  }

  private static long atLeastZero(Long tokens) {
    return tokens == null ? 0 : Math.max(0, tokens);
  }
}
