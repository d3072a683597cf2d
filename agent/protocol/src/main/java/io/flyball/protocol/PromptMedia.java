package io.flyball.protocol;

import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Where prompts hold what is no text: images, sounds, films and files, in themselves or by an
 * address. Only that they are there is told, so that requests of nothing but text cost nobody the
 * time to look at them more closely.
 */
public final class PromptMedia {
  /** The fields that stand for one, in the words of OpenAI, Anthropic, Google and others. */
  private static final String[] FIELDS = {
    "image_url",
    "input_audio",
    "video_url",
    "audio_url",
    "input_video",
    "image",
    "audio",
    "video",
    "images",
    "videos",
    "file",
    "file_data",
    "file_id",
    "file_url",
    "document_url",
    "video_frames",
    "source",
    "inlineData",
    "inline_data",
    "fileData",
    "uuid"
  };

  /** The fields within which others are: of messages, of results of tools, of Google's parts. */
  private static final String[] CONTAINERS = {
    "content", "parts", "output", "functionResponse", "function_response"
  };

  /** Texts that are the name of a file, in Qwen's words, or several of them. */
  private static final String FILE_ID = "fileid:";

  /** An image that was made before, by its id or in itself. */
  private static final String MADE_IMAGE = "image_generation_call";

  /** A result of a tool within a message has its parts at this depth. */
  private static final int DEPTH = 4;

  private PromptMedia() {}

  /**
   * The shape of a message, or of an item of an input.
   *
   * @param found told of each
   */
  public static <A> JsonShape<A> shape(Consumer<A> found) {
    return builder(found).build();
  }

  /** The same, to which more can be added that is wanted of the message or item itself. */
  public static <A> JsonShape.Builder<A> builder(Consumer<A> found) {
    BiConsumer<A, JsonKind> told =
        (a, kind) -> {
          if (kind == JsonKind.STRING || kind == JsonKind.OBJECT) {
            found.accept(a);
          }
        };
    BiConsumer<A, JsonValue> named = (a, text) -> files(text, () -> found.accept(a));
    JsonShape<A> frames = JsonShape.<A>builder().element("list", found).build();
    JsonShape<A> outputs = JsonShape.<A>builder().kind("url", told).build();
    JsonShape<A> inner = null;
    for (int depth = 1; ; depth++) {
      JsonShape.Builder<A> shape = JsonShape.builder();
      for (String field : FIELDS) {
        shape.kind(field, told).element(field, found);
      }
      shape
          .value("content", named)
          .value("text", named)
          .inside("video_frames", frames)
          .inside("outputs", outputs)
          .value("type", (a, type) -> made(type, () -> found.accept(a)));
      if (inner != null) {
        for (String container : CONTAINERS) {
          shape.inside(container, inner);
        }
      }
      if (depth == DEPTH) {
        return shape;
      }
      inner = shape.build();
    }
  }

  /** An image that was made before, by its id or in itself. */
  public static void made(JsonValue type, Runnable found) {
    if (type.is(MADE_IMAGE)) {
      found.run();
    }
  }

  private static void files(JsonValue text, Runnable found) {
    if (!text.begins(FILE_ID)) {
      return;
    }
    String names = text.text();
    for (int at = 0; at >= 0; at = names.indexOf(FILE_ID, at + 1)) {
      found.run();
    }
  }
}
