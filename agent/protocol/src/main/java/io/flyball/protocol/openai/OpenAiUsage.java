package io.flyball.protocol.openai;

import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.StatedCost;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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
 * {@code completion_tokens}. Usage never shrinks within an answer: of several objects the larger of
 * each count holds, and of those in a list, or in several choices, the sum.
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
    /** Of what was written, as Anthropic tells it apart. */
    WRITTEN_5M,
    WRITTEN_1H,
    REASONING,
    INPUT_AUDIO,
    INPUT_IMAGE,
    OUTPUT_AUDIO,
    OUTPUT_IMAGE,
    /** Of OpenRouter, under Anthropic's name. */
    WEB_SEARCHES,
    /** Of Perplexity. */
    SEARCH_QUERIES,
    SOURCES,
    /** Of xAI: all of the tools that it ran, and which. */
    SERVER_TOOLS,
    WEB_CALLS,
    X_CALLS,
    FILE_CALLS,
    DOCUMENT_CALLS,
    CODE_CALLS,
    /** That cost their tokens only. */
    MCP_CALLS,
    VIEW_IMAGE_CALLS,
    VIEW_VIDEO_CALLS
  }

  private static final long UNTOLD = -1;

  /** More are counted as one. */
  private static final int MOST_CHOICES = 1024;

  private final boolean hasOutput;

  /** By {@link Count}, of the usage object at hand. */
  private final long[] current = untold();

  /** The largest of each that was told. */
  private final long[] told = untold();

  /** Of the list at hand; null outside of lists. */
  private long[] listed;

  /** What those of the list so far say they cost; null when nothing. */
  private BigDecimal listedUsd;

  /** Whether one in the list took something, and does not say what it costs. */
  private boolean listedUnsaid;

  /** By choice; null as long as none tells its own. */
  private Map<Integer, OpenAiUsage> choices;

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
    JsonShape<A> written =
        JsonShape.<A>builder()
            .value("ephemeral_5m_input_tokens", tells(of, Count.WRITTEN_5M))
            .value("ephemeral_1h_input_tokens", tells(of, Count.WRITTEN_1H))
            .build();
    JsonShape<A> inputDetails =
        JsonShape.<A>builder()
            .value("cached_tokens", tells(of, Count.CACHE_READ))
            .value("cache_write_tokens", tells(of, Count.CACHE_WRITE))
            .value("cache_creation_tokens", tells(of, Count.CACHE_WRITE))
            .value("cached_creation_tokens", tells(of, Count.CACHE_WRITE))
            .value("audio_tokens", tells(of, Count.INPUT_AUDIO))
            .value("image_tokens", tells(of, Count.INPUT_IMAGE))
            .inside("cache_creation_token_details", written)
            .build();
    JsonShape<A> outputDetails =
        JsonShape.<A>builder()
            .value("reasoning_tokens", tells(of, Count.REASONING))
            .value("audio_tokens", tells(of, Count.OUTPUT_AUDIO))
            .value("image_tokens", tells(of, Count.OUTPUT_IMAGE))
            .build();
    JsonShape<A> serverTools =
        JsonShape.<A>builder().value("web_search_requests", tells(of, Count.WEB_SEARCHES)).build();
    JsonShape<A> ran =
        JsonShape.<A>builder()
            .value("web_search_calls", tells(of, Count.WEB_CALLS))
            .value("x_search_calls", tells(of, Count.X_CALLS))
            .value("file_search_calls", tells(of, Count.FILE_CALLS))
            .value("document_search_calls", tells(of, Count.DOCUMENT_CALLS))
            .value("code_interpreter_calls", tells(of, Count.CODE_CALLS))
            .value("mcp_calls", tells(of, Count.MCP_CALLS))
            .value("view_image_calls", tells(of, Count.VIEW_IMAGE_CALLS))
            .value("view_x_video_calls", tells(of, Count.VIEW_VIDEO_CALLS))
            .build();
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
        .value("claude_cache_creation_5_m_tokens", tells(of, Count.WRITTEN_5M))
        .value("claude_cache_creation_1_h_tokens", tells(of, Count.WRITTEN_1H))
        .inside("cache_creation", written)
        .value("num_search_queries", tells(of, Count.SEARCH_QUERIES))
        .value("num_sources_used", tells(of, Count.SOURCES))
        .value("num_server_side_tools_used", tells(of, Count.SERVER_TOOLS))
        .inside("server_side_tool_usage_details", ran)
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

  /** A usage begins that is one object, or a list of those that are billed together. */
  void begins(JsonKind kind) {
    listed = kind == JsonKind.ARRAY ? untold() : null;
    listedUsd = null;
    listedUnsaid = false;
  }

  private void ended() {
    settle();
    if (cost != null && listed == null) {
      cost.endUsage();
    } else if (listed != null) {
      BigDecimal usd = cost == null ? null : cost.takeUsage();
      listedUnsaid |= usd == null && isSomething(current);
      listedUsd = plus(listedUsd, usd);
      if (listedUsd != null) {
        cost.say(listedUnsaid ? null : listedUsd);
      }
    }
    if (listed == null) {
      take(current);
    } else {
      add(current, listed);
      take(listed);
    }
  }

  private void take(long[] counts) {
    for (int i = 0; i < told.length; i++) {
      told[i] = Math.max(told[i], counts[i]);
    }
  }

  private static void add(long[] counts, long[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = counts[i] == UNTOLD ? sum[i] : Counts.plus(Math.max(0, sum[i]), counts[i]);
    }
  }

  private static BigDecimal plus(BigDecimal one, BigDecimal other) {
    return one == null ? other : other == null ? one : one.add(other);
  }

  private static boolean isSomething(long[] counts) {
    return told(counts, Count.INPUT, Count.OUTPUT) > 0;
  }

  /** What one choice says that it used. */
  void ofChoice(int choice, OpenAiUsage usage) {
    choices = choices == null ? new HashMap<>() : choices;
    boolean room = choices.size() < MOST_CHOICES || choices.containsKey(choice);
    OpenAiUsage known = choices.computeIfAbsent(room ? choice : -1, none -> new OpenAiUsage());
    known.take(usage.told);
    if (usage.cost != null) {
      known.cost().say(usage.cost.usd());
    }
  }

  private void takeChoices() {
    if (choices != null) {
      long[] sum = untold();
      BigDecimal usd = null;
      boolean unsaid = false;
      for (OpenAiUsage each : choices.values()) {
        add(each.told, sum);
        BigDecimal said = each.cost == null ? null : each.cost.usd();
        unsaid |= said == null && isSomething(each.told);
        usd = plus(usd, said);
      }
      take(sum);
      if (usd != null && !unsaid) {
        cost().say(usd);
      }
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

  /**
   * Of the usage object at hand, by its own total: everything is within the input or the output
   * then. What it does not tell is as it was told before.
   */
  private void settle() {
    boolean split = told(current, Count.INPUT, Count.OUTPUT) != UNTOLD;
    // A total alone says too little of an answer that has both.
    if (!split && (hasOutput || told(current, Count.TOTAL) == UNTOLD)) {
      return;
    }
    long total = of(Count.TOTAL);
    long input = orBefore(Count.INPUT);
    long output = orBefore(Count.OUTPUT);
    long reasoning = of(Count.REASONING);
    long apart = Counts.plus(of(Count.APART_READ), of(Count.APART_WRITE));
    long rest = total - Counts.plus(input, output);
    // Where nothing says that the input includes the cache, that it does not is the dearer.
    boolean perhaps = total == 0 && of(Count.CACHE_READ) == 0 && of(Count.CACHE_WRITE) == 0;
    if (apart > 0 && (rest == apart || apart > input || perhaps)) {
      input = Counts.plus(input, apart);
      rest = total - Counts.plus(input, output);
    }
    if (rest > 0) {
      output = hasOutput ? Counts.plus(output, rest) : output;
      input = hasOutput ? input : Counts.plus(input, rest);
    } else if (reasoning > output) {
      output = Counts.plus(output, reasoning);
    }
    current[Count.INPUT.ordinal()] = input;
    current[Count.OUTPUT.ordinal()] = output;
  }

  /** Of the usage object at hand. */
  private long of(Count count) {
    return Math.max(0, current[count.ordinal()]);
  }

  private long orBefore(Count count) {
    long before = listed == null ? told[count.ordinal()] : UNTOLD;
    return current[count.ordinal()] == UNTOLD ? Math.max(0, before) : of(count);
  }

  /** As {@link #usage()}, for who knows more. */
  Usage.Builder builder() {
    takeChoices();
    return told(told, Count.INPUT, Count.OUTPUT) == UNTOLD
        ? null
        : all(Usage.Source.REPORTED).input(count(Count.INPUT)).output(count(Count.OUTPUT));
  }

  /**
   * What is told where neither prompt nor answer is, as far as it is; all tokens that are told of
   * count as output there. To be asked for behind {@link #builder()}.
   */
  Usage.Builder besides() {
    return all(Usage.Source.ESTIMATED).output(count(Count.TOTAL));
  }

  /** Whether it says itself which tools of the provider ran; an answer may name others too. */
  boolean tellsTools() {
    return told(
            told,
            Count.SERVER_TOOLS,
            Count.WEB_CALLS,
            Count.X_CALLS,
            Count.FILE_CALLS,
            Count.DOCUMENT_CALLS,
            Count.CODE_CALLS)
        != UNTOLD;
  }

  private long sum(Count... which) {
    long sum = 0;
    for (Count each : which) {
      sum = Counts.plus(sum, count(each));
    }
    return sum;
  }

  /** Tools that ran and are not told apart are searches, the dearest of xAI's. */
  private long xaiSearches() {
    long searches = sum(Count.WEB_CALLS, Count.X_CALLS);
    long apart =
        sum(
            Count.WEB_CALLS,
            Count.X_CALLS,
            Count.FILE_CALLS,
            Count.DOCUMENT_CALLS,
            Count.CODE_CALLS,
            Count.MCP_CALLS,
            Count.VIEW_IMAGE_CALLS,
            Count.VIEW_VIDEO_CALLS);
    return Counts.plus(searches, Math.max(0, count(Count.SERVER_TOOLS) - apart));
  }

  private Usage.Builder all(Usage.Source source) {
    long written1h = count(Count.WRITTEN_1H);
    long written =
        Math.max(
            count(Count.CACHE_WRITE, Count.APART_WRITE),
            Counts.plus(count(Count.WRITTEN_5M), written1h));
    return Usage.builder(source)
        .cacheRead(count(Count.CACHE_READ, Count.APART_READ))
        .cacheWrite5m(written - written1h)
        .cacheWrite1h(written1h)
        .cacheTimeUntold(count(Count.WRITTEN_5M, Count.WRITTEN_1H) == 0)
        .reasoning(count(Count.REASONING))
        .inputAudio(count(Count.INPUT_AUDIO))
        .inputImage(count(Count.INPUT_IMAGE))
        .outputAudio(count(Count.OUTPUT_AUDIO))
        .outputImage(count(Count.OUTPUT_IMAGE))
        .toolUse("web_search", Math.max(count(Count.WEB_SEARCHES), xaiSearches()))
        .toolUse("file_search", sum(Count.FILE_CALLS, Count.DOCUMENT_CALLS))
        .toolUse("code_interpreter", count(Count.CODE_CALLS))
        .toolUse("search_query", count(Count.SEARCH_QUERIES))
        .toolUse("live_search", count(Count.SOURCES))
        .statedUsd(cost == null ? null : cost.usd());
  }
}
