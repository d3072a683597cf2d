package io.flyball.protocol.openai;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonSplice;
import io.flyball.protocol.json.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** {@code stream_options.include_usage}: how it is asked for, and the event that it brings. */
final class StreamUsage {

  private static final byte[] USAGE = {'"', 'u', 's', 'a', 'g', 'e', '"'};

  private StreamUsage() {}

  /**
   * The request with usage asked for, or null when it asks already, in whatever way, or is not
   * well-formed.
   */
  static byte[] ask(byte[] body) {
    StreamOptions options = new StreamOptions();
    if (!JsonDocument.read(body, StreamOptions.SHAPE, options) || !options.canAsk()) {
      return null;
    }
    return JsonSplice.set(body, "true", "stream_options", "include_usage");
  }

  /** See {@link io.flyball.protocol.Protocol#beyondTheApi}. */
  static int beyondTheApi(byte[] body) {
    StreamOptions options = new StreamOptions();
    JsonDocument.read(body, StreamOptions.SHAPE, options);
    return options.beyond;
  }

  /**
   * Whether an event has usage and nothing else: no choices, not even an empty delta, and nothing
   * that a server may have to say besides. Where single line ends part the events of a stream,
   * other events stand in the same data, and nothing of it is hidden.
   */
  static boolean isOnlyUsage(byte[] bytes, int offset, int length) {
    if (!namesUsage(bytes, offset, offset + length) || hasMoreLines(bytes, offset, length)) {
      return false;
    }
    byte[] data = Arrays.copyOfRange(bytes, offset, offset + length);
    UsageChunk chunk = new UsageChunk();
    return JsonDocument.read(data, UsageChunk.SHAPE, chunk) && chunk.hasOnlyUsage();
  }

  /** Few chunks do, and the chunk in question always does: spares parsing all the others. */
  private static boolean namesUsage(byte[] bytes, int start, int end) {
    for (int i = start; i <= end - USAGE.length; i++) {
      int same = 0;
      while (same < USAGE.length && bytes[i + same] == USAGE[same]) {
        same++;
      }
      if (same == USAGE.length) {
        return true;
      }
    }
    return false;
  }

  /** Whether the first of several lines is a whole document: the others are none of its own. */
  private static boolean hasMoreLines(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int line = offset;
    while (line < end && bytes[line] != '\n') {
      line++;
    }
    return line < end && JsonDocument.isReadable(bytes, offset, line - offset);
  }

  /** What requests may say without an effect on what is reported of them. */
  private static final String[] OF_THE_API = {
    "messages",
    "prompt",
    "suffix",
    "model",
    "stream",
    "temperature",
    "top_p",
    "top_k",
    "n",
    "best_of",
    "echo",
    "stop",
    "max_tokens",
    "max_completion_tokens",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "seed",
    "user",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
    "response_format",
    "modalities",
    "audio",
    "prediction",
    "reasoning_effort",
    "verbosity",
    "service_tier",
    "store",
    "metadata",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "web_search_options"
  };

  /** What a request says about stream_options; of a key that stands twice the last counts. */
  private static final class StreamOptions {
    static final JsonShape<StreamOptions> SHAPE =
        JsonShape.<StreamOptions>builder()
            .kind("stream_options", StreamOptions::found)
            .inside(
                "stream_options",
                JsonShape.<StreamOptions>builder()
                    .value("include_usage", (options, v) -> options.asked = v.isTrue())
                    .others(StreamOptions::named, StreamOptions::other, StreamOptions::value)
                    .build())
            .known(OF_THE_API)
            .others(StreamOptions::named, StreamOptions::other, StreamOptions::value)
            .build();

    private JsonKind kind;
    private boolean asked;

    /** Whether another field than OpenAI's is about usage: the application has seen to it. */
    private boolean ownWay;

    private String name = "";
    private int beyond;

    private void named(String other) {
      name = other;
    }

    private void other(JsonKind value) {
      ownWay |= value != JsonKind.NULL && name.toLowerCase(Locale.ROOT).contains("usage");
      beyond += (name.hashCode() * 31 + value.ordinal()) * 31;
    }

    /** What is switched on; identifiers and amounts would make each request one of its own. */
    private void value(JsonValue value) {
      beyond += value.isTrue() ? name.hashCode() : 0;
    }

    private void found(JsonKind value) {
      kind = value;
      asked = false;
    }

    /** A request that is wrong must stay wrong, so that the provider says so. */
    boolean canAsk() {
      return !asked
          && !ownWay
          && (kind == null || kind == JsonKind.NULL || kind == JsonKind.OBJECT);
    }
  }

  /** Azure's first chunk has no choices either, but no usage object. */
  private static final class UsageChunk {
    static final JsonShape<UsageChunk> SHAPE =
        JsonShape.<UsageChunk>builder()
            .kind("choices", UsageChunk::choices)
            .element("choices", chunk -> chunk.saysMore = true)
            .kind("usage", (chunk, kind) -> chunk.usage = kind)
            .known(
                "id",
                "object",
                "created",
                "model",
                "system_fingerprint",
                "service_tier",
                "obfuscation")
            .others((chunk, kind) -> chunk.saysMore |= kind != JsonKind.NULL)
            .build();

    private JsonKind usage;
    private boolean saysMore;

    /** Some servers say null where there are none, or nothing. */
    private void choices(JsonKind kind) {
      saysMore |= kind != JsonKind.ARRAY && kind != JsonKind.NULL;
    }

    boolean hasOnlyUsage() {
      return usage == JsonKind.OBJECT && !saysMore;
    }
  }
}
