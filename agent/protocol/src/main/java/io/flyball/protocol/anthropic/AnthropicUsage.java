package io.flyball.protocol.anthropic;

import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;

/**
 * Tokens as Anthropic counts them (anthropic-java 3.11): {@code input_tokens} leaves out what was
 * read from and written to the cache. In a stream the counts of {@code message_delta} are totals so
 * far: the largest told of each counts.
 */
final class AnthropicUsage {
  private Long input;
  private Long cacheRead;
  private Long cacheWrite;
  private Long cacheWrite5m;
  private Long cacheWrite1h;
  private Long output;
  private Long thinking;
  private boolean settled;

  static JsonShape<MessagesAnswer> shape() {
    JsonShape<MessagesAnswer> cacheCreation =
        JsonShape.<MessagesAnswer>builder()
            .value(
                "ephemeral_5m_input_tokens",
                (a, v) -> a.tokens().cacheWrite5m = later(a.tokens().cacheWrite5m, v))
            .value(
                "ephemeral_1h_input_tokens",
                (a, v) -> a.tokens().cacheWrite1h = later(a.tokens().cacheWrite1h, v))
            .build();
    JsonShape<MessagesAnswer> outputDetails =
        JsonShape.<MessagesAnswer>builder()
            .value("thinking_tokens", (a, v) -> a.tokens().thinking = later(a.tokens().thinking, v))
            .build();
    return JsonShape.<MessagesAnswer>builder()
        .value("input_tokens", (a, v) -> a.tokens().input = later(a.tokens().input, v))
        .value(
            "cache_read_input_tokens",
            (a, v) -> a.tokens().cacheRead = later(a.tokens().cacheRead, v))
        .value(
            "cache_creation_input_tokens",
            (a, v) -> a.tokens().cacheWrite = later(a.tokens().cacheWrite, v))
        .inside("cache_creation", cacheCreation)
        .value("output_tokens", (a, v) -> a.tokens().output = later(a.tokens().output, v))
        .inside("output_tokens_details", outputDetails)
        .value("service_tier", MessagesAnswer::billedTier)
        .build();
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
    if (input == null && output == null) {
      return null;
    }
    long read = atLeastZero(cacheRead);
    long written1h = atLeastZero(cacheWrite1h);
    long written5m =
        cacheWrite == null ? atLeastZero(cacheWrite5m) : atLeastZero(cacheWrite - written1h);
    return Usage.builder(settled ? Usage.Source.REPORTED : Usage.Source.PARTIAL)
        .input(
            Counts.plus(Counts.plus(atLeastZero(input), read), Counts.plus(written5m, written1h)))
        .cacheRead(read)
        .cacheWrite5m(written5m)
        .cacheWrite1h(written1h)
        .output(atLeastZero(output))
        .reasoning(atLeastZero(thinking))
        .build();
  }

  private static long atLeastZero(Long count) {
    return count == null ? 0 : Math.max(0, count);
  }
}
