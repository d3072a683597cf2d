package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Audio;
import io.flyball.protocol.conversation.Part.Document;
import io.flyball.protocol.conversation.Part.Image;
import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.conversation.ToolChoice.Mode;
import io.flyball.protocol.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes Anthropic's messages. */
final class MessagesWriter {
  private final Conversation conversation;
  private final TargetModel target;
  private final ModelTraits traits;
  private final Losses losses;
  private final JsonWriter out = new JsonWriter();

  private MessagesWriter(
      Conversation conversation, TargetModel target, ModelTraits traits, Losses losses) {
    this.conversation = conversation;
    this.target = target;
    this.traits = traits;
    this.losses = losses;
  }

  static byte[] write(Conversation conversation, TargetModel target, Losses losses)
      throws UntranslatableException {
    ModelTraits traits = ModelTraits.of(target, target.model());
    return new MessagesWriter(conversation, target, traits, losses).write();
  }

  private byte[] write() throws UntranslatableException {
    Writing.checkPlainNames(conversation);
    Writing.checkUserIsFirst(conversation);
    Writing.checkPrefill(conversation, traits);
    Long limit = traits.limit(conversation.maxOutputTokens, losses);
    long fallback =
        traits.cap == null
            ? ModelTraits.DEFAULT_LIMIT
            : Math.min(traits.cap, ModelTraits.DEFAULT_LIMIT);
    out.startObject().string("model", target.model());
    out.json("max_tokens", Long.toString(limit == null ? fallback : limit));
    if (conversation.system != null) {
      out.string("system", conversation.system);
    }
    messages();
    tools();
    outputConfig();
    sampling();
    for (String stop : conversation.stopSequences) {
      if (stop.trim().isEmpty()) {
        throw new UntranslatableException("stop sequence of white space");
      }
    }
    Writing.stops(out, "stop_sequences", conversation.stopSequences, Integer.MAX_VALUE);
    if (conversation.stream) {
      out.bool("stream", true);
    }
    if (conversation.user != null) {
      out.name("metadata").startObject().string("user_id", conversation.user).endObject();
    }
    return out.endObject().finish();
  }

  private void messages() throws UntranslatableException {
    out.name("messages").startArray();
    int last = conversation.turns.size() - 1;
    boolean any = false;
    for (int i = 0; i <= last; i++) {
      Turn turn = conversation.turns.get(i);
      if (turn.role == Turn.Role.SYSTEM && !traits.takesLateSystem) {
        throw new UntranslatableException("system message in mid-conversation");
      }
      boolean prefill = i == last && turn.role == Turn.Role.ASSISTANT;
      List<Part> parts = withoutBlankTexts(turn.parts, prefill);
      if (parts.isEmpty()) {
        continue;
      }
      if (!any && turn.role != Turn.Role.USER) {
        throw new UntranslatableException("assistant message at the beginning");
      }
      any = true;
      if (turn.role != Turn.Role.USER) {
        checkWords(parts);
      }
      out.startObject().string("role", turn.role.name().toLowerCase(Locale.ROOT));
      content(parts);
      out.endObject();
    }
    if (!any) {
      throw new UntranslatableException("no user message");
    }
    out.endArray();
  }

  private static void checkWords(List<Part> parts) throws UntranslatableException {
    for (Part part : parts) {
      if (!(part instanceof Text || part instanceof ToolCall)) {
        throw new UntranslatableException("assistant message with more than text");
      }
    }
  }

  /** Anthropic refuses texts of white space, and white space at the end of a prefill. */
  private List<Part> withoutBlankTexts(List<Part> parts, boolean prefill) {
    List<Part> kept = new ArrayList<>();
    for (Part part : parts) {
      boolean blank = part instanceof Text && ((Text) part).text.trim().isEmpty();
      if (!blank) {
        kept.add(part);
      }
    }
    int last = kept.size() - 1;
    if (prefill && last >= 0 && kept.get(last) instanceof Text) {
      kept.set(last, new Text(withoutBlankEnd(((Text) kept.get(last)).text)));
    }
    return kept;
  }

  private static String withoutBlankEnd(String text) {
    int end = text.length();
    while (end > 0 && " \t\n\u000B\f\r".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }

  private void content(List<Part> parts) throws UntranslatableException {
    if (parts.size() == 1 && parts.get(0) instanceof Text) {
      out.string("content", ((Text) parts.get(0)).text);
      return;
    }
    out.name("content").startArray();
    for (Part part : parts) {
      out.startObject();
      block(part);
      out.endObject();
    }
    out.endArray();
  }

  private void block(Part part) throws UntranslatableException {
    if (part instanceof Text) {
      out.string("type", "text").string("text", ((Text) part).text);
    } else if (part instanceof Image) {
      image((Image) part);
    } else if (part instanceof Document) {
      document((Document) part);
    } else if (part instanceof Audio) {
      throw new UntranslatableException("audio");
    } else if (part instanceof ToolCall) {
      ToolCall call = (ToolCall) part;
      out.string("type", "tool_use")
          .string("id", ToolIds.forAnthropic(call.id))
          .string("name", call.name)
          .json("input", call.arguments);
    } else {
      toolResult((ToolResult) part);
    }
  }

  private void image(Image image) throws UntranslatableException {
    out.string("type", "image").name("source").startObject();
    if (image.url != null) {
      if (!image.url.startsWith("https://")) {
        throw new UntranslatableException("image by an address that is not https");
      }
      out.string("type", "url").string("url", image.url);
    } else {
      Writing.checkPicture(image.mediaType, "image/gif");
      out.string("type", "base64")
          .string("media_type", image.mediaType)
          .string("data", image.base64);
    }
    out.endObject();
  }

  private void document(Document document) {
    out.string("type", "document").name("source").startObject();
    if (document.url != null) {
      out.string("type", "url").string("url", document.url);
    } else if (document.text != null) {
      out.string("type", "text").string("media_type", "text/plain").string("data", document.text);
    } else {
      out.string("type", "base64")
          .string("media_type", "application/pdf")
          .string("data", document.base64);
    }
    out.endObject();
    if (document.title != null) {
      out.string("title", document.title);
    }
  }

  private void toolResult(ToolResult result) throws UntranslatableException {
    out.string("type", "tool_result").string("tool_use_id", ToolIds.forAnthropic(result.id));
    List<Part> content = withoutBlankTexts(result.content, false);
    if (!content.isEmpty()) {
      content(content);
    }
    if (result.error) {
      out.bool("is_error", true);
    }
  }

  private void tools() {
    if (conversation.tools.isEmpty()) {
      return;
    }
    out.name("tools").startArray();
    for (ToolDefinition tool : conversation.tools) {
      out.startObject().string("name", tool.name);
      if (tool.description != null) {
        out.string("description", tool.description);
      }
      out.json("input_schema", tool.parameters);
      if (tool.strict && traits.takesSchema && SchemaSubset.isForAnthropic(tool.parameters)) {
        out.bool("strict", true);
      } else if (tool.strict) {
        losses.add("strict");
      }
      out.endObject();
    }
    out.endArray();
    toolChoice();
  }

  private void toolChoice() {
    ToolChoice choice = conversation.toolChoice;
    boolean single = !conversation.parallelToolCalls;
    if (choice == null && !single) {
      return;
    }
    Mode mode = choice == null ? Mode.AUTO : choice.mode;
    out.name("tool_choice").startObject();
    switch (mode) {
      case AUTO:
        out.string("type", "auto");
        break;
      case NONE:
        out.string("type", "none");
        break;
      case REQUIRED:
        out.string("type", "any");
        break;
      case FUNCTION:
        out.string("type", "tool").string("name", choice.function);
        break;
    }
    if (single && mode != Mode.NONE) {
      out.bool("disable_parallel_tool_use", true);
    }
    out.endObject();
  }

  private void outputConfig() throws UntranslatableException {
    OutputFormat format = conversation.format;
    Effort effort = traits.takesEffort ? conversation.effort : null;
    if (effort != conversation.effort) {
      losses.add("effort");
    }
    if (format == null && effort == null) {
      return;
    }
    out.name("output_config").startObject();
    if (effort != null) {
      Effort taken = effort.atLeast(Effort.LOW).atMost(Effort.HIGH);
      if (taken != effort) {
        losses.add("effort");
      }
      out.string("effort", taken.word());
    }
    if (format != null) {
      format(format);
    }
    out.endObject();
  }

  private void format(OutputFormat format) throws UntranslatableException {
    if (format.schema == null) {
      throw new UntranslatableException("JSON mode without a schema");
    }
    if (!traits.takesSchema) {
      throw new UntranslatableException("JSON schema for a model that takes none");
    }
    if (!SchemaSubset.isForAnthropic(format.schema)) {
      throw new UntranslatableException("JSON schema beyond what the target can enforce");
    }
    out.name("format").startObject().string("type", "json_schema");
    out.json("schema", format.schema).endObject();
  }

  private void sampling() {
    Sampling sampling = conversation.sampling;
    Writing.lost(losses, "frequency_penalty", sampling.frequencyPenalty);
    Writing.lost(losses, "presence_penalty", sampling.presencePenalty);
    Writing.lost(losses, "seed", sampling.seed);
    if (traits.rejectsSampling) {
      Writing.lost(losses, "temperature", sampling.temperature);
      Writing.lost(losses, "top_p", sampling.topP);
      Writing.lost(losses, "top_k", sampling.topK);
      return;
    }
    Writing.number(out, "temperature", atMostOne(sampling.temperature));
    if (sampling.temperature != null && traits.oneSamplingParameter) {
      Writing.lost(losses, "top_p", sampling.topP);
    } else {
      Writing.number(out, "top_p", sampling.topP);
    }
    topK(sampling.topK);
  }

  /** Some write 40 as 40.0, which Anthropic does not take. */
  private void topK(String topK) {
    if (topK != null) {
      out.json("top_k", Long.toString(Math.round(Double.parseDouble(topK))));
    }
  }

  private String atMostOne(String temperature) {
    if (temperature == null || Double.parseDouble(temperature) <= 1) {
      return temperature;
    }
    losses.add("temperature above 1");
    return "1";
  }
}
