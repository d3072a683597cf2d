package io.flyball.protocol.anthropic;

import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.StatedCost;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.function.Function;

/**
 * Tokens as Anthropic counts them (anthropic-java 3.11): {@code input_tokens} leaves out what was
 * read from and written to the cache. In a stream the counts of {@code message_delta} are totals so
 * far: the largest told of each counts.
 *
 * <p>Gateways of the one-api family say the same under OpenAI's names, and leave zeros under
 * Anthropic's: there the prompt includes what was read from and written to the cache, and the
 * larger of both holds.
 *
 * <p>The counts at the top leave out what compacting the conversation took; {@code iterations} has
 * it. What another model's advice took is there too, at that model's price.
 */
final class AnthropicUsage {

  /** One set of counts; those at the top, or of one iteration. */
  private static final class Tally {
    Long input;
    Long cacheRead;
    Long cacheWrite;
    Long cacheWrite5m;
    Long cacheWrite1h;
    Long output;
    String type;

    long written1h() {
      return atLeastZero(cacheWrite1h);
    }

    long written5m() {
      return cacheWrite == null
          ? atLeastZero(cacheWrite5m)
          : Math.max(atLeastZero(cacheWrite5m), atLeastZero(cacheWrite - written1h()));
    }

    /** The larger of each count. */
    static Tally larger(Tally one, Tally other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      Tally all = new Tally();
      all.input = Math.max(atLeastZero(one.input), atLeastZero(other.input));
      all.cacheRead = Math.max(atLeastZero(one.cacheRead), atLeastZero(other.cacheRead));
      all.cacheWrite5m = Math.max(one.written5m(), other.written5m());
      all.cacheWrite1h = Math.max(one.written1h(), other.written1h());
      all.output = Math.max(atLeastZero(one.output), atLeastZero(other.output));
      return all;
    }

    void addTo(Tally sum) {
      sum.input = Counts.plus(atLeastZero(sum.input), atLeastZero(input));
      sum.cacheRead = Counts.plus(atLeastZero(sum.cacheRead), atLeastZero(cacheRead));
      sum.cacheWrite5m = Counts.plus(sum.written5m(), written5m());
      sum.cacheWrite1h = Counts.plus(sum.written1h(), written1h());
      sum.output = Counts.plus(atLeastZero(sum.output), atLeastZero(output));
    }
  }

  private final Tally top = new Tally();
  private Long prompt;
  private Long completion;
  private Long total;
  private Long thinking;
  private Long webSearches;

  /** Null as long as there is none, as the next ones are. */
  private Tally compactions;

  /** Of the list at hand. */
  private Tally compacting;

  private Tally iteration;
  private StatedCost cost;
  private boolean advised;
  private boolean settled;

  static JsonShape<MessagesAnswer> shape() {
    JsonShape<MessagesAnswer> outputDetails =
        JsonShape.<MessagesAnswer>builder()
            .value("thinking_tokens", (a, v) -> a.tokens().thinking = later(a.tokens().thinking, v))
            .build();
    JsonShape<MessagesAnswer> serverTools =
        JsonShape.<MessagesAnswer>builder()
            .value(
                "web_search_requests",
                (a, v) -> a.tokens().webSearches = later(a.tokens().webSearches, v))
            .build();
    JsonShape<MessagesAnswer> iterations =
        counts(a -> a.tokens().iteration)
            .begin(a -> a.tokens().iteration = new Tally())
            .value("type", (a, v) -> a.tokens().iteration.type = v.text())
            .end(a -> a.tokens().endIteration())
            .build();
    return StatedCost.within(counts(a -> a.tokens().top), (MessagesAnswer a) -> a.tokens().cost())
        .value("prompt_tokens", (a, v) -> a.tokens().prompt = later(a.tokens().prompt, v))
        .value(
            "completion_tokens", (a, v) -> a.tokens().completion = later(a.tokens().completion, v))
        .value("total_tokens", (a, v) -> a.tokens().total = later(a.tokens().total, v))
        .inside("output_tokens_details", outputDetails)
        .inside("server_tool_use", serverTools)
        .kind("iterations", (a, kind) -> a.tokens().endIterations())
        .inside("iterations", iterations)
        .value("service_tier", MessagesAnswer::billedTier)
        .value("speed", MessagesAnswer::billedSpeed)
        .value("inference_geo", MessagesAnswer::billedRegion)
        .end(a -> a.tokens().endUsage())
        .build();
  }

  private static JsonShape.Builder<MessagesAnswer> counts(Function<MessagesAnswer, Tally> of) {
    JsonShape<MessagesAnswer> cacheCreation =
        JsonShape.<MessagesAnswer>builder()
            .value(
                "ephemeral_5m_input_tokens",
                (a, v) -> of.apply(a).cacheWrite5m = later(of.apply(a).cacheWrite5m, v))
            .value(
                "ephemeral_1h_input_tokens",
                (a, v) -> of.apply(a).cacheWrite1h = later(of.apply(a).cacheWrite1h, v))
            .build();
    return JsonShape.<MessagesAnswer>builder()
        .value("input_tokens", (a, v) -> of.apply(a).input = later(of.apply(a).input, v))
        .value(
            "cache_read_input_tokens",
            (a, v) -> of.apply(a).cacheRead = later(of.apply(a).cacheRead, v))
        .value(
            "cache_creation_input_tokens",
            (a, v) -> of.apply(a).cacheWrite = later(of.apply(a).cacheWrite, v))
        .inside("cache_creation", cacheCreation)
        .value("output_tokens", (a, v) -> of.apply(a).output = later(of.apply(a).output, v));
  }

  private void endIteration() {
    if ("compaction".equals(iteration.type)) {
      compacting = compacting == null ? new Tally() : compacting;
      iteration.addTo(compacting);
    } else {
      // What we do not know the price of is not priced as if we did.
      advised |= iteration.type != null && !iteration.type.equals("message");
    }
  }

  /** Each usage may say all of them again; one that says none takes nothing back. */
  private void endIterations() {
    compactions = Tally.larger(compactions, compacting);
    compacting = null;
  }

  private void endUsage() {
    endIterations();
    if (cost != null) {
      cost.endUsage();
    }
  }

  StatedCost cost() {
    if (cost == null) {
      cost = new StatedCost();
    }
    return cost;
  }

  /** Totals so far never shrink: a smaller one is a placeholder of who passes the stream on. */
  private static Long later(Long known, JsonValue value) {
    Long told = value.count();
    return told == null || (known != null && known > told) ? known : told;
  }

  /** The counts are final: they came with a whole message or at its end. */
  void settle() {
    settled = true;
  }

  /** Null when nothing was reported; partial until the end of the message was seen. */
  Usage usage() {
    if (isUntold()) {
      return null;
    }
    Tally all = new Tally();
    top.addTo(all);
    if (compactions != null) {
      compactions.addTo(all);
    }
    long written5m = atLeastZero(all.cacheWrite5m);
    long written1h = all.written1h();
    long parts =
        Counts.plus(Counts.plus(all.input, all.cacheRead), Counts.plus(written5m, written1h));
    long input = Math.max(parts, atLeastZero(prompt));
    long output = Math.max(all.output, atLeastZero(completion));
    return besides(settled ? Usage.Source.REPORTED : Usage.Source.PARTIAL)
        .input(input)
        .cacheRead(all.cacheRead)
        .cacheWrite5m(written5m)
        .cacheWrite1h(written1h)
        .cacheTimeUntold(atLeastZero(top.cacheWrite5m) + atLeastZero(top.cacheWrite1h) == 0)
        .output(Math.max(output, atLeastZero(total) - input))
        .reasoning(atLeastZero(thinking))
        .build();
  }

  private boolean isUntold() {
    boolean others = prompt == null && completion == null;
    return top.input == null && top.output == null && compactions == null && others;
  }

  /** What is told where neither prompt nor answer is; a total counts as output there. */
  Usage.Builder besides() {
    return besides(Usage.Source.ESTIMATED).output(atLeastZero(total));
  }

  private Usage.Builder besides(Usage.Source source) {
    return Usage.builder(source)
        .toolUse("web_search", atLeastZero(webSearches))
        .statedUsd(cost == null ? null : cost.usd())
        .incomplete(advised);
  }

  private static long atLeastZero(Long count) {
    return count == null ? 0 : Math.max(0, count);
  }
}
