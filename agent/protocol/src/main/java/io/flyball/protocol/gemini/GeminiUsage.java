package io.flyball.protocol.gemini;

import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonKind;
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

  private static final long IMAGE = 2;

  private Long prompt;
  private Long toolUsePrompt;
  private Long cached;
  private Long candidates;
  private Long thoughts;
  private Long total;
  private final Media prompts = new Media();
  private final Media cachedMedia = new Media();
  private final Media answers = new Media();

  private boolean cachedTold;

  /** Of the entry of a details list at hand. */
  private boolean audio;

  private boolean image;

  private long count;

  /**
   * @param of where the answer keeps its usage
   */
  static <A> JsonShape.Builder<A> shape(Function<A, GeminiUsage> of) {
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
        .kind("promptTokensDetails", (a, kind) -> of.apply(a).prompts.clear())
        .inside("promptTokensDetails", details(of, usage -> usage.prompts))
        .kind("cacheTokensDetails", (a, kind) -> of.apply(a).beginCached(kind))
        .inside("cacheTokensDetails", details(of, usage -> usage.cachedMedia))
        .kind("candidatesTokensDetails", (a, kind) -> of.apply(a).answers.clear())
        .inside("candidatesTokensDetails", details(of, usage -> usage.answers));
  }

  private void beginCached(JsonKind kind) {
    cachedTold |= kind == JsonKind.ARRAY;
    cachedMedia.clear();
  }

  /** What of a count is not text. */
  private static final class Media {
    long audio;
    long image;

    void clear() {
      audio = 0;
      image = 0;
    }
  }

  private static <A> JsonShape<A> details(
      Function<A, GeminiUsage> of, Function<GeminiUsage, Media> sums) {
    return JsonShape.<A>builder()
        .begin(a -> of.apply(a).beginEntry())
        .value("modality", (a, v) -> of.apply(a).modality(v))
        .value(
            "tokenCount",
            (a, v) -> of.apply(a).count = Math.max(of.apply(a).count, atLeastZero(v.count())))
        .end(a -> of.apply(a).endEntry(sums.apply(of.apply(a))))
        .build();
  }

  private void endEntry(Media sums) {
    if (audio) {
      sums.audio = Counts.plus(sums.audio, count);
    } else if (image) {
      sums.image = Counts.plus(sums.image, count);
    }
  }

  private void beginEntry() {
    audio = false;
    image = false;
    count = 0;
  }

  private void modality(JsonValue value) {
    Long number = value.integer();
    audio = value.is("AUDIO") || (number != null && number == AUDIO);
    image = value.is("IMAGE") || (number != null && number == IMAGE);
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
  Usage.Builder usage(boolean settled) {
    if (prompt == null && candidates == null && thoughts == null) {
      return null;
    }
    long reasoning = atLeastZero(thoughts);
    long input = Counts.plus(atLeastZero(prompt), atLeastZero(toolUsePrompt));
    // What the total says beyond the parts is thought about and not told apart.
    long output =
        Math.max(Counts.plus(atLeastZero(candidates), reasoning), atLeastZero(total) - input);
    long read = atLeastZero(cached);
    // Where nobody says of what kind the cached ones are, no more are text than there are.
    long cachedAudio =
        cachedTold ? cachedMedia.audio : Math.max(0, prompts.audio - Math.max(0, input - read));
    return Usage.builder(settled ? Usage.Source.REPORTED : Usage.Source.PARTIAL)
        .input(input)
        .cacheRead(read)
        .cacheReadAudio(cachedAudio)
        .output(output)
        .reasoning(reasoning)
        .inputAudio(prompts.audio - Math.min(prompts.audio, cachedMedia.audio))
        .inputImage(prompts.image - Math.min(prompts.image, cachedMedia.image))
        .outputAudio(answers.audio)
        .outputImage(answers.image);
  }

  /** Where nothing but a total is told: that, as output. */
  Usage.Builder besides() {
    return Usage.builder(Usage.Source.ESTIMATED).output(atLeastZero(total));
  }

  private static long atLeastZero(Long tokens) {
    return tokens == null ? 0 : Math.max(0, tokens);
  }
}
