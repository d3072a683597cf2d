package io.flyball.engine.tokens;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** The names by which requests say where there is an image, a sound, a film or a file. */
final class MediaFields {
  /** Within them there is nothing that the provider looks at as a medium. */
  static final Set<String> NOT_LOOKED_INTO =
      set(
          "args",
          "response",
          "arguments",
          "tools",
          "functions",
          "metadata",
          "response_format",
          "schema",
          "json_schema",
          "parameters",
          "input_schema",
          "attributes",
          "annotations",
          "citations",
          "results");

  /** Given to a tool, and not to the model. */
  static final String FOR_A_TOOL = "container_upload";

  /** Objects that hold one, or name one. */
  static final Set<String> HOLDERS =
      set(
          "image_url",
          "input_audio",
          "video_url",
          "audio_url",
          "document_url",
          "source",
          "inlineData",
          "inline_data",
          "fileData",
          "file_data",
          "file",
          "audio");

  /** Strings that are one or its address. */
  static final Set<String> STRINGS =
      set(
          "image_url",
          "file_data",
          "file_url",
          "document_url",
          "file_id",
          "data",
          "url",
          "fileUri",
          "file_uri",
          "image",
          "video",
          "input_video",
          "video_url",
          "audio_url");

  static final String FRAMES = "video_frames";

  /** Lists of strings that each are one. */
  static final Set<String> LISTED = set("images", "videos", "files", FRAMES);

  /** An image that was made before: by its id, or in itself. */
  static final String MADE_IMAGE = "image_generation_call";

  /** Where an image that was made stands, be it that the type says so in front of it or behind. */
  static final String RESULT = "result";

  /** What a program of the model's gave, images among them. */
  static final String OUTPUTS = "outputs";

  /** Of a tool that makes images: which part of one it is to change, as an image. */
  static final String MASK = "input_image_mask";

  /** Qwen's word for a file, at the beginning of a text. */
  static final String FILE_ID = "fileid:";

  /** What else says where one is, and what it is. */
  private static final Set<String> OTHERS =
      set("type", "content", "parts", "output", "detail", "fps", "format", "uuid", "mime_type");

  static final FieldSpelling SPELLING;

  static {
    LISTED.addAll(STRINGS);
    SPELLING =
        new FieldSpelling(PromptFields.REQUESTS, PromptFields.PROMPTS, HOLDERS, LISTED, OTHERS);
  }

  private MediaFields() {}

  private static Set<String> set(String... names) {
    return new HashSet<>(Arrays.asList(names));
  }
}
