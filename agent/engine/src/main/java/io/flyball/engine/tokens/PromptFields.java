package io.flyball.engine.tokens;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The places in a request that are known not to be read by the model as text, and those in which
 * there are messages. What is in no list counts, so that a field nobody has heard of yet does too.
 */
final class PromptFields {
  /** At the top: what messages, parts and texts are in. */
  static final Set<String> PROMPTS =
      set(
          "messages",
          "system",
          "input",
          "instructions",
          "prompt",
          "text",
          "contents",
          "systemInstruction",
          "system_instruction",
          "content",
          "requests");

  /** At the top: a request in itself. */
  static final Set<String> REQUESTS =
      set("generateContentRequest", "generate_content_request", "extra_body");

  /** Objects of settings, of which some may be text (schemas). */
  static final Set<String> CONFIGS =
      set("generationConfig", "generation_config", "text", "output_config");

  /** Lists of names, or of requests, in which gateways are told who else may answer. */
  static final Set<String> INSTEAD =
      set("fallbacks", "default_fallbacks", "context_window_fallbacks", "content_policy_fallbacks");

  /** At the top or in a configuration: told to the server, and not to the model. */
  static final Set<String> SETTINGS =
      set(
          "model",
          "models",
          "stop",
          "stop_sequences",
          "stopSequences",
          "stream",
          "stream_options",
          "user",
          "metadata",
          "labels",
          "service_tier",
          "serviceTier",
          "speed",
          "inference_geo",
          "modalities",
          "responseModalities",
          "response_modalities",
          "responseMimeType",
          "response_mime_type",
          "mediaResolution",
          "media_resolution",
          "audio",
          "speechConfig",
          "speech_config",
          "imageConfig",
          "image_config",
          "logit_bias",
          "reasoning",
          "reasoning_effort",
          "effort",
          "verbosity",
          "thinking",
          "thinkingConfig",
          "thinking_config",
          "include",
          "truncation",
          "previous_response_id",
          "conversation",
          "prompt_cache_key",
          "prompt_cache_retention",
          "prompt_cache_options",
          "safety_identifier",
          "cache_control",
          "context_management",
          "anthropic_version",
          "anthropic_beta",
          "betas",
          "provider",
          "route",
          "transforms",
          "usage",
          "encoding_format",
          "input_type",
          "task",
          "taskType",
          "task_type",
          "safetySettings",
          "safety_settings",
          "cachedContent",
          "cached_content",
          "tool_choice",
          "keep_alive",
          "search_parameters",
          "web_search_options");

  /** In messages and their parts: what parts, texts and media are in. */
  static final Set<String> NESTED =
      set(
          "content",
          "parts",
          "text",
          "thinking",
          "reasoning",
          "reasoning_content",
          "summary",
          "refusal",
          "transcript",
          "title",
          "context",
          "name",
          "input",
          "output",
          "arguments",
          "tool_calls",
          "function",
          "function_call",
          "functionCall",
          "function_call_output",
          "functionResponse",
          "message",
          "source",
          "file",
          "filename",
          "data",
          "url",
          "image",
          "video",
          "audio",
          "image_url",
          "video_url",
          "audio_url",
          "input_audio",
          "input_video",
          "file_data",
          "file_id",
          "file_url",
          "document_url",
          "video_frames",
          "fileData",
          "fileUri",
          "file_uri",
          "inlineData",
          "inline_data",
          "images",
          "videos",
          "files");

  /** Of those the application's own when they are objects: there all counts, names included. */
  static final Set<String> OWN = set("input", "arguments", "thinking", "context", "data");

  /** In messages and their parts: names and settings. */
  static final Set<String> MARKS =
      set(
          "type",
          "role",
          "id",
          "call_id",
          "tool_call_id",
          "tool_use_id",
          "cache_control",
          "media_type",
          "mimeType",
          "mime_type",
          "detail",
          "format",
          "status",
          "index",
          "model",
          "taskType",
          "task_type",
          "outputDimensionality",
          "output_dimensionality",
          "videoMetadata",
          "video_metadata",
          "mediaResolution",
          "media_resolution");

  /** What only the provider can read, and bills by what it reads there. */
  static final Set<String> SEALED =
      set(
          "encrypted_content",
          "encrypted_index",
          "signature",
          "thoughtSignature",
          "thought_signature");

  private PromptFields() {}

  private static Set<String> set(String... names) {
    return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(names)));
  }
}
