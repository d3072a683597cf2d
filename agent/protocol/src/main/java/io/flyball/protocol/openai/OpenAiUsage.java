package io.flyball.protocol.openai;

import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.StatedCost;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Tokens as OpenAI counts them, and as those who speak its format do: the input includes what was
 * read from and written to the cache, the output includes reasoning. Chat completions say {@code
 * prompt_tokens} and {@code completion_tokens}, responses say {@code input_tokens} and {@code
 * output_tokens} (openai-java 4.100); DeepSeek names cache hits {@code prompt_cache_hit_tokens},
 * gateways in front of Anthropic's models {@code cache_read_input_tokens} and {@code
 * cache_creation_input_tokens}, which some of them leave out of the input.
 *
 * <p>Where one count has several names the largest holds: gateways of the one-api family fill in
 * one name and leave the others zero. Where {@code total_tokens} says more than prompt and answer
 * together the rest is output, because xAI and Google's OpenAI endpoint leave reasoning out of
 * {@code completion_tokens}. A usage of nothing but zeros after one that says something is a
 * placeholder.
 */
final class OpenAiUsage {
  private enum Count {
    INPUT,
    OUTPUT,
    TOTAL,
    CACHE_READ,
    CACHE_WRITE,
    /** Under Anthropic's names, where the input may exclude it. */
    APART_READ,
    APART_WRITE,
    REASONING,
    INPUT_AUDIO,
    INPUT_IMAGE,
    OUTPUT_AUDIO,
    OUTPUT_IMAGE,
    /** Of OpenRouter, under Anthropic's name. */
    WEB_SEARCHES,
    /** Of Perplexity. */
    SEARCH_QUERIES
  }

  private static final long UNTOLD = -1;

  private final boolean hasOutput;

  /** By {@link Count}, of the usage object at hand. */
  private final long[] current = untold();

  /** Of the last usage object that said something. */
  private final long[] told = untold();

  /** Null as long as none is stated. */
  private StatedCost cost;

  /** Of an operation whose answer has tokens. */
  OpenAiUsage() {
    this(true);
  }

  /**
   * @param hasOutput false: of an operation without output tokens, whose total is its input
   */
  OpenAiUsage(boolean hasOutput) {
    this.hasOutput = hasOutput;
  }

  /** What the provider says it costs; made for the first who has something to tell it. */
  StatedCost cost() {
    if (cost == null) {
      cost = new StatedCost();
    }
    return cost;
  }

  private static long[] untold() {
    long[] counts = new long[Count.values().length];
    Arrays.fill(counts, UNTOLD);
    return counts;
  }

  /** The shape of a usage object; each one that says something replaces what was known. */
  static <A> JsonShape<A> shape(Function<A, OpenAiUsage> of) {
    JsonShape<A> inputDetails =
        JsonShape.<A>builder()
            .value("cached_tokens", tells(of, Count.CACHE_READ))
            .value("cache_write_tokens", tells(of, Count.CACHE_WRITE))
            .value("cache_creation_tokens", tells(of, Count.CACHE_WRITE))
            .value("cached_creation_tokens", tells(of, Count.CACHE_WRITE))
            .value("audio_tokens", tells(of, Count.INPUT_AUDIO))
            .value("image_tokens", tells(of, Count.INPUT_IMAGE))
            .build();
    JsonShape<A> outputDetails =
        JsonShape.<A>builder()
            .value("reasoning_tokens", tells(of, Count.REASONING))
            .value("audio_tokens", tells(of, Count.OUTPUT_AUDIO))
            .value("image_tokens", tells(of, Count.OUTPUT_IMAGE))
            .build();
    JsonShape<A> serverTools =
        JsonShape.<A>builder().value("web_search_requests", tells(of, Count.WEB_SEARCHES)).build();
    return StatedCost.within(JsonShape.<A>builder(), (A a) -> of.apply(a).cost())
        .begin(a -> Arrays.fill(of.apply(a).current, UNTOLD))
        .value("prompt_tokens", tells(of, Count.INPUT))
        .value("input_tokens", tells(of, Count.INPUT))
        .value("completion_tokens", tells(of, Count.OUTPUT))
        .value("output_tokens", tells(of, Count.OUTPUT))
        .value("total_tokens", tells(of, Count.TOTAL))
        .value("reasoning_tokens", tells(of, Count.REASONING))
        .value("cached_tokens", tells(of, Count.CACHE_READ))
        .value("prompt_cache_hit_tokens", tells(of, Count.CACHE_READ))
        .value("cache_read_input_tokens", tells(of, Count.APART_READ))
        .value("cache_creation_input_tokens", tells(of, Count.APART_WRITE))
        .value("num_search_queries", tells(of, Count.SEARCH_QUERIES))
        .inside("server_tool_use", serverTools)
        .inside("prompt_tokens_details", inputDetails)
        .inside("input_tokens_details", inputDetails)
        .inside("completion_tokens_details", outputDetails)
        .inside("output_tokens_details", outputDetails)
        .end(a -> of.apply(a).ended())
        .build();
  }

  private static <A> BiConsumer<A, JsonValue> tells(Function<A, OpenAiUsage> of, Count count) {
    return (a, value) -> of.apply(a).tell(count, value);
  }

  private void tell(Count count, JsonValue value) {
    Long number = value.count();
    if (number != null) {
      current[count.ordinal()] = Math.max(current[count.ordinal()], number);
    }
  }

  private void ended() {
    if (cost != null) {
      cost.endUsage();
    }
    if (told(told, Count.INPUT, Count.OUTPUT, Count.TOTAL) <= 0
        || told(current, Count.INPUT, Count.OUTPUT, Count.TOTAL) > 0) {
      System.arraycopy(current, 0, told, 0, told.length);
    }
  }

  /** The largest of these counts; {@link #UNTOLD} when none was told. */
  private static long told(long[] counts, Count... which) {
    long largest = UNTOLD;
    for (Count each : which) {
      largest = Math.max(largest, counts[each.ordinal()]);
    }
    return largest;
  }

  private long count(Count... which) {
    return Math.max(0, told(told, which));
  }

  /** Null when nothing was reported. */
  Usage usage() {
    Usage.Builder usage = builder();
    return usage == null ? null : usage.build();
  }

  /** As {@link #usage()}, for who knows more. */
  Usage.Builder builder() {
    long total = count(Count.TOTAL);
    boolean split = told(told, Count.INPUT, Count.OUTPUT) != UNTOLD;
    // A total alone says too little of an answer that has both: then its parts are counted.
    if (!split && (hasOutput || told(told, Count.TOTAL) == UNTOLD)) {
      return null;
    }
    long input = count(Count.INPUT);
    long output = count(Count.OUTPUT);
    long reasoning = count(Count.REASONING);
    long apart = Counts.plus(count(Count.APART_READ), count(Count.APART_WRITE));
    long rest = total - Counts.plus(input, output);
    if (apart > 0 && (rest == apart || apart > input)) {
      input = Counts.plus(input, apart);
      rest = total - Counts.plus(input, output);
    }
    if (rest > 0) {
      output = hasOutput ? Counts.plus(output, rest) : output;
      input = hasOutput ? input : Counts.plus(input, rest);
    } else if (reasoning > output) {
      output = Counts.plus(output, reasoning);
    }
    return Usage.builder(Usage.Source.REPORTED)
        .input(input)
        .output(output)
        .cacheRead(count(Count.CACHE_READ, Count.APART_READ))
        .cacheWrite5m(count(Count.CACHE_WRITE, Count.APART_WRITE))
        .reasoning(reasoning)
        .inputAudio(count(Count.INPUT_AUDIO))
        .inputImage(count(Count.INPUT_IMAGE))
        .outputAudio(count(Count.OUTPUT_AUDIO))
        .outputImage(count(Count.OUTPUT_IMAGE))
        .toolUse("web_search", count(Count.WEB_SEARCHES))
        .toolUse("search_query", count(Count.SEARCH_QUERIES))
        .statedUsd(cost == null ? null : cost.usd());
  }
}
