package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Audio;
import io.flyball.protocol.conversation.Part.Document;
import io.flyball.protocol.conversation.Part.Image;
import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes OpenAI's chat completions. */
final class ChatWriter {
  private static final int MOST_STOPS = 4;

  private final Conversation conversation;
  private final TargetModel target;
  private final ModelTraits traits;
  private final Losses losses;
  private final JsonWriter out = new JsonWriter();
  private boolean saysJson;

  private ChatWriter(
      Conversation conversation, TargetModel target, ModelTraits traits, Losses losses) {
    this.conversation = conversation;
    this.target = target;
    this.traits = traits;
    this.losses = losses;
  }

  static byte[] write(Conversation conversation, TargetModel target, Losses losses)
      throws UntranslatableException {
    ModelTraits traits = ModelTraits.of(target, target.model());
    return new ChatWriter(conversation, target, traits, losses).write();
  }

  private byte[] write() throws UntranslatableException {
    Writing.checkPlainNames(conversation);
    if (conversation.endsWithAssistant()) {
      throw new UntranslatableException("assistant prefill");
    }
    if (conversation.turns.isEmpty() && conversation.system == null) {
      throw new UntranslatableException("no user message");
    }
    out.startObject().string("model", target.model());
    messages();
    tools();
    format();
    Long limit = traits.limit(conversation.maxOutputTokens, losses);
    if (limit != null) {
      out.json(traits.reasons ? "max_completion_tokens" : "max_tokens", limit.toString());
    }
    sampling();
    if (!conversation.stopSequences.isEmpty() && traits.reasons) {
      throw new UntranslatableException("stop sequences");
    }
    Writing.stops(out, "stop", conversation.stopSequences, MOST_STOPS);
    stream();
    if (conversation.user != null) {
      out.string("user", conversation.user);
    }
    effort();
    return out.endObject().finish();
  }

  private void messages() throws UntranslatableException {
    out.name("messages").startArray();
    if (conversation.system != null) {
      system(conversation.system);
    }
    for (Turn turn : conversation.turns) {
      switch (turn.role) {
        case SYSTEM:
          system(Writing.joined(turn.parts, "system message with more than text"));
          break;
        case USER:
          user(turn);
          break;
        case ASSISTANT:
          assistant(turn);
          break;
      }
    }
    out.endArray();
  }

  private void system(String text) {
    out.startObject().string("role", "system").string("content", noted(text)).endObject();
  }

  private String noted(String text) {
    saysJson |= text.toLowerCase(Locale.ROOT).contains("json");
    return text;
  }

  private void user(Turn turn) throws UntranslatableException {
    List<Part> content = new ArrayList<>();
    for (Part part : turn.parts) {
      if (part instanceof ToolResult) {
        toolResult((ToolResult) part);
      } else {
        content.add(part);
      }
    }
    if (!content.isEmpty()) {
      out.startObject().string("role", "user");
      content(content);
      out.endObject();
    }
  }

  private void toolResult(ToolResult result) throws UntranslatableException {
    out.startObject().string("role", "tool").string("tool_call_id", ToolIds.forOpenAi(result.id));
    String text = Writing.joined(result.content, "image in a tool result");
    if (result.error) {
      losses.add("is_error");
      out.string("content", "Error: " + text);
    } else if (result.content.isEmpty()) {
      out.string("content", "");
    } else {
      content(result.content);
    }
    out.endObject();
  }

  private void assistant(Turn turn) throws UntranslatableException {
    List<ToolCall> calls = turn.only(ToolCall.class);
    List<Part> content = turn.without(ToolCall.class);
    Writing.joined(content, "assistant message with more than text");
    out.startObject().string("role", "assistant");
    if (content.isEmpty()) {
      out.json("content", "null");
    } else {
      content(content);
    }
    if (!calls.isEmpty()) {
      out.name("tool_calls").startArray();
      for (ToolCall call : calls) {
        out.startObject()
            .string("id", ToolIds.forOpenAi(call.id))
            .string("type", "function")
            .name("function")
            .startObject()
            .string("name", call.name)
            .string("arguments", call.arguments)
            .endObject()
            .endObject();
      }
      out.endArray();
    }
    out.endObject();
  }

  private void content(List<Part> parts) throws UntranslatableException {
    if (parts.size() == 1 && parts.get(0) instanceof Text) {
      out.string("content", noted(((Text) parts.get(0)).text));
      return;
    }
    out.name("content").startArray();
    for (Part part : parts) {
      out.startObject();
      part(part);
      out.endObject();
    }
    out.endArray();
  }

  private void part(Part part) throws UntranslatableException {
    if (part instanceof Text) {
      out.string("type", "text").string("text", noted(((Text) part).text));
    } else if (part instanceof Image) {
      Image image = (Image) part;
      if (image.url == null) {
        Writing.checkPicture(image.mediaType, "image/gif");
      }
      String url = image.url != null ? image.url : DataUrl.of(image.mediaType, image.base64);
      out.string("type", "image_url").name("image_url").startObject();
      out.string("url", url).endObject();
    } else if (part instanceof Document) {
      document((Document) part);
    } else if (part instanceof Audio && target.model().contains("audio")) {
      Audio audio = (Audio) part;
      out.string("type", "input_audio").name("input_audio").startObject();
      out.string("data", audio.base64).string("format", audio.format).endObject();
    } else {
      throw new UntranslatableException("audio");
    }
  }

  private void document(Document document) throws UntranslatableException {
    if (document.url != null) {
      throw new UntranslatableException("document by address");
    }
    if (document.text != null) {
      losses.add("document as text");
      String title = document.title == null ? "" : document.title + "\n\n";
      out.string("type", "text").string("text", noted(title + document.text));
      return;
    }
    String name = document.title == null ? Document.UNTITLED : document.title;
    out.string("type", "file").name("file").startObject();
    out.string("filename", name);
    out.string("file_data", DataUrl.of("application/pdf", document.base64)).endObject();
  }

  private void tools() {
    if (conversation.tools.isEmpty()) {
      return;
    }
    out.name("tools").startArray();
    for (ToolDefinition tool : conversation.tools) {
      out.startObject().string("type", "function").name("function").startObject();
      out.string("name", tool.name);
      if (tool.description != null) {
        out.string("description", tool.description);
      }
      out.json("parameters", tool.parameters);
      if (tool.strict && SchemaSubset.isStrictForOpenAi(tool.parameters)) {
        out.bool("strict", true);
      } else if (tool.strict) {
        losses.add("strict");
      }
      out.endObject().endObject();
    }
    out.endArray();
    toolChoice(conversation.toolChoice);
    if (!conversation.parallelToolCalls) {
      out.bool("parallel_tool_calls", false);
    }
  }

  private void toolChoice(ToolChoice choice) {
    if (choice == null) {
      return;
    }
    if (choice.mode != ToolChoice.Mode.FUNCTION) {
      out.string("tool_choice", choice.mode.name().toLowerCase(Locale.ROOT));
      return;
    }
    out.name("tool_choice").startObject().string("type", "function").name("function");
    out.startObject().string("name", choice.function).endObject().endObject();
  }

  private void format() throws UntranslatableException {
    OutputFormat format = conversation.format;
    if (format == null) {
      return;
    }
    out.name("response_format").startObject();
    if (format.schema == null) {
      if (!saysJson) {
        throw new UntranslatableException("JSON mode without the word JSON in the prompt");
      }
      out.string("type", "json_object").endObject();
      return;
    }
    boolean named = format.name != null && Writing.isPlainName(format.name);
    out.string("type", "json_schema").name("json_schema").startObject();
    out.string("name", named ? format.name : "response");
    if (format.description != null) {
      out.string("description", format.description);
    }
    out.json("schema", format.schema);
    boolean strict = format.strict && SchemaSubset.isStrictForOpenAi(format.schema);
    out.bool("strict", strict).endObject().endObject();
    if (format.strict && !strict) {
      losses.add("strict");
    }
  }

  private void sampling() {
    Sampling sampling = conversation.sampling;
    Writing.lost(losses, "top_k", sampling.topK);
    if (traits.rejectsSampling) {
      Writing.lost(losses, "temperature", sampling.temperature);
      Writing.lost(losses, "top_p", sampling.topP);
      Writing.lost(losses, "frequency_penalty", sampling.frequencyPenalty);
      Writing.lost(losses, "presence_penalty", sampling.presencePenalty);
    } else {
      Writing.number(out, "temperature", sampling.temperature);
      Writing.number(out, "top_p", sampling.topP);
      Writing.number(out, "frequency_penalty", sampling.frequencyPenalty);
      Writing.number(out, "presence_penalty", sampling.presencePenalty);
    }
    Writing.number(out, "seed", sampling.seed);
  }

  private void stream() {
    if (!conversation.stream) {
      return;
    }
    out.bool("stream", true);
    if (conversation.streamUsage && target.usageOnRequest()) {
      out.name("stream_options").startObject().bool("include_usage", true).endObject();
    }
  }

  private void effort() {
    if (conversation.effort == null) {
      return;
    }
    Effort taken = conversation.effort.atLeast(Effort.LOW).atMost(Effort.HIGH);
    if (taken != conversation.effort || !traits.takesEffort) {
      losses.add("effort");
    }
    if (traits.takesEffort) {
      out.string("reasoning_effort", taken.word());
    }
  }
}
