package io.flyball.protocol.openai;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonSplice;
import java.util.Arrays;

/** {@code stream_options.include_usage}: how it is asked for, and the event that it brings. */
final class StreamUsage {

  private StreamUsage() {}

  /** The request with usage asked for, or null when it asks already or is not well-formed. */
  static byte[] ask(byte[] body) {
    StreamOptions options = new StreamOptions();
    if (!JsonDocument.read(body, StreamOptions.SHAPE, options) || !options.canAsk()) {
      return null;
    }
    return JsonSplice.set(body, "true", "stream_options", "include_usage");
  }

  /** Whether an event has usage and nothing else: no choices, not even an empty delta. */
  static boolean isOnlyUsage(byte[] bytes, int offset, int length) {
    if (!hasEmptyArray(bytes, offset, offset + length)) {
      return false;
    }
    byte[] data = Arrays.copyOfRange(bytes, offset, offset + length);
    UsageChunk chunk = new UsageChunk();
    return JsonDocument.read(data, UsageChunk.SHAPE, chunk) && chunk.hasOnlyUsage();
  }

  /** Few chunks have one, and the chunk in question always does: spares parsing all the others. */
  private static boolean hasEmptyArray(byte[] bytes, int start, int end) {
    boolean open = false;
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (b == '[') {
        open = true;
      } else if (open && b == ']') {
        return true;
      } else if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        open = false;
      }
    }
    return false;
  }

  /** What a request says about stream_options; of a key that stands twice the last counts. */
  private static final class StreamOptions {
    static final JsonShape<StreamOptions> SHAPE =
        JsonShape.<StreamOptions>builder()
            .kind("stream_options", StreamOptions::found)
            .inside(
                "stream_options",
                JsonShape.<StreamOptions>builder()
                    .value("include_usage", (options, v) -> options.asked = v.isTrue())
                    .build())
            .build();

    private JsonKind kind;
    private boolean asked;

    private void found(JsonKind value) {
      kind = value;
      asked = false;
    }

    /** A request that is wrong must stay wrong, so that the provider says so. */
    boolean canAsk() {
      return !asked && (kind == null || kind == JsonKind.NULL || kind == JsonKind.OBJECT);
    }
  }

  /** Azure's first chunk has no choices either, but no usage object. */
  private static final class UsageChunk {
    static final JsonShape<UsageChunk> SHAPE =
        JsonShape.<UsageChunk>builder()
            .kind("choices", (chunk, kind) -> chunk.choices = kind)
            .element("choices", chunk -> chunk.choices = null)
            .kind("usage", (chunk, kind) -> chunk.usage = kind)
            .build();

    private JsonKind choices;
    private JsonKind usage;

    boolean hasOnlyUsage() {
      return choices == JsonKind.ARRAY && usage == JsonKind.OBJECT;
    }
  }
}
