package io.flyball.protocol.openai;

import io.flyball.protocol.Usage;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.function.Function;

/**
 * Tokens as OpenAI counts them: the input includes what was read from and written to the cache, the
 * output includes reasoning. Chat completions say {@code prompt_tokens} and {@code
 * completion_tokens}, responses say {@code input_tokens} and {@code output_tokens} (openai-java
 * 4.100); DeepSeek names cache hits {@code prompt_cache_hit_tokens}.
 */
final class OpenAiUsage {
  private boolean reported;
  private long input;
  private long output;
  private long cacheRead;
  private long cacheWrite;
  private long reasoning;
  private long inputAudio;
  private long outputAudio;

  /** The shape of a usage object; each one seen replaces what was known. */
  static <A> JsonShape<A> shape(Function<A, OpenAiUsage> of) {
    JsonShape<A> inputDetails =
        JsonShape.<A>builder()
            .value("cached_tokens", (a, v) -> of.apply(a).cacheRead = count(v))
            .value("cache_write_tokens", (a, v) -> of.apply(a).cacheWrite = count(v))
            .value("audio_tokens", (a, v) -> of.apply(a).inputAudio = count(v))
            .build();
    JsonShape<A> outputDetails =
        JsonShape.<A>builder()
            .value("reasoning_tokens", (a, v) -> of.apply(a).reasoning = count(v))
            .value("audio_tokens", (a, v) -> of.apply(a).outputAudio = count(v))
            .build();
    return JsonShape.<A>builder()
        .begin(a -> of.apply(a).clear())
        .value("prompt_tokens", (a, v) -> of.apply(a).input(v))
        .value("input_tokens", (a, v) -> of.apply(a).input(v))
        .value("completion_tokens", (a, v) -> of.apply(a).output(v))
        .value("output_tokens", (a, v) -> of.apply(a).output(v))
        .value("prompt_cache_hit_tokens", (a, v) -> of.apply(a).cacheRead = count(v))
        .inside("prompt_tokens_details", inputDetails)
        .inside("input_tokens_details", inputDetails)
        .inside("completion_tokens_details", outputDetails)
        .inside("output_tokens_details", outputDetails)
        .build();
  }

  private void clear() {
    input = 0;
    output = 0;
    cacheRead = 0;
    cacheWrite = 0;
    reasoning = 0;
    inputAudio = 0;
    outputAudio = 0;
  }

  private void input(JsonValue value) {
    input = count(value);
    reported |= value.integer() != null;
  }

  private void output(JsonValue value) {
    output = count(value);
    reported |= value.integer() != null;
  }

  private static long count(JsonValue value) {
    Long count = value.integer();
    return count == null ? 0 : count;
  }

  /** Null when nothing was reported. */
  Usage usage() {
    if (!reported) {
      return null;
    }
    return Usage.builder(Usage.Source.REPORTED)
        .input(input)
        .output(output)
        .cacheRead(cacheRead)
        .cacheWrite5m(cacheWrite)
        .reasoning(reasoning)
        .inputAudio(inputAudio)
        .outputAudio(outputAudio)
        .build();
  }
}
