package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Document;
import io.flyball.protocol.conversation.Part.Image;
import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.conversation.ToolChoice.Mode;
import io.flyball.protocol.conversation.Turn.Role;
import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads Anthropic's messages, versions 2023-06-01 and 2026-10-21. */
final class MessagesReader {
  private final Fields request;
  private final Losses losses;
  private final Conversation.Builder conversation = new Conversation.Builder();

  private MessagesReader(Fields request, Losses losses) {
    this.request = request;
    this.losses = losses;
  }

  static Conversation read(JsonTree body, Losses losses) throws UntranslatableException {
    return new MessagesReader(new Fields(body, "request", losses, false), losses).read();
  }

  private Conversation read() throws UntranslatableException {
    request
        .ignore("model")
        .refuse("container", "mcp_servers", "context_management", "inference_geo")
        .drop("cache_control", "service_tier", "speed", "diagnostics");
    for (Part part : blocks(request.take("system"), "system")) {
      if (!(part instanceof Text)) {
        throw new UntranslatableException("system message with more than text");
      }
      conversation.system(((Text) part).text);
    }
    boolean first = true;
    for (JsonTree message : request.list("messages")) {
      first = message(request.inside(message, "message"), first);
    }
    tools();
    toolChoice();
    conversation.maxOutputTokens = request.integer("max_tokens");
    conversation.sampling.temperature = request.number("temperature");
    conversation.sampling.topP = request.number("top_p");
    conversation.sampling.topK = request.number("top_k");
    for (JsonTree stop : request.list("stop_sequences")) {
      if (stop.text() == null) {
        throw Fields.malformed("stop_sequences");
      }
      conversation.stopSequences.add(stop.text());
    }
    conversation.stream = request.isTrue("stream");
    Fields metadata = request.object("metadata");
    if (metadata != null) {
      conversation.user = metadata.string("user_id");
      metadata.end();
    }
    output();
    request.end();
    return conversation.build();
  }

  private void output() throws UntranslatableException {
    Fields thinking = request.object("thinking");
    if (thinking != null) {
      String type = thinking.needString("type");
      Long budget = thinking.integer("budget_tokens");
      conversation.effort =
          type.equals("disabled") ? Effort.NONE : budget == null ? null : Effort.ofBudget(budget);
      if (!type.equals("disabled")) {
        losses.add("thinking");
      }
      thinking.drop("display").end();
    }
    format(request.object("output_format"));
    Fields config = request.object("output_config");
    if (config != null) {
      String effort = config.string("effort");
      if (effort != null && conversation.effort != Effort.NONE) {
        conversation.effort = Effort.named(effort);
      }
      format(config.object("format"));
      config.end();
    }
  }

  private void format(Fields format) throws UntranslatableException {
    if (format == null) {
      return;
    }
    String type = format.needString("type");
    String schema = format.objectJson("schema");
    if (!type.equals("json_schema") || schema == null) {
      throw new UntranslatableException("output format " + Fields.harmless(type));
    }
    conversation.format = OutputFormat.schema(schema, format.string("name"), null, true);
    format.end();
  }

  /**
   * @return whether system messages still stand before all others
   */
  private boolean message(Fields message, boolean first) throws UntranslatableException {
    String role = message.needString("role");
    List<Part> content = blocks(message.take("content"), "message");
    message.end();
    switch (role) {
      case "user":
        conversation.say(Role.USER, content);
        return false;
      case "assistant":
        conversation.say(Role.ASSISTANT, content);
        return false;
      case "system":
        OpenAiWords.system(conversation, first, content);
        return first;
      default:
        throw new UntranslatableException("message role " + Fields.harmless(role));
    }
  }

  private List<Part> blocks(JsonTree content, String what) throws UntranslatableException {
    if (content == null) {
      return Collections.emptyList();
    }
    if (content.text() != null) {
      return Collections.<Part>singletonList(new Text(content.text()));
    }
    if (!content.isArray()) {
      throw Fields.malformed(what);
    }
    List<Part> parts = new ArrayList<>();
    for (JsonTree item : content.children()) {
      Fields block = request.inside(item, "content block");
      block.drop("cache_control");
      Part part = block(block);
      if (part != null) {
        parts.add(part);
        block.end();
      }
    }
    return parts;
  }

  /**
   * @return null for what may be left out
   */
  private Part block(Fields block) throws UntranslatableException {
    String type = block.needString("type");
    switch (type) {
      case "text":
        if (!block.list("citations").isEmpty()) {
          losses.add("citations");
        }
        return new Text(block.needString("text"));
      case "image":
        return image(source(block));
      case "document":
        return document(block);
      case "tool_use":
        return toolUse(block);
      case "tool_result":
        return toolResult(block);
      case "thinking":
      case "redacted_thinking":
        // Signed for the provider that thought it; nobody else can use it.
        losses.add("thinking");
        return null;
      default:
        throw new UntranslatableException("content block " + Fields.harmless(type));
    }
  }

  private static Fields source(Fields block) throws UntranslatableException {
    Fields source = block.object("source");
    if (source == null) {
      throw Fields.malformed("content block");
    }
    return source;
  }

  private static Part image(Fields source) throws UntranslatableException {
    String type = source.needString("type");
    Part image;
    switch (type) {
      case "base64":
        image = Image.inline(source.needString("media_type"), source.needString("data"));
        break;
      case "url":
        image = Image.at(source.needString("url"));
        break;
      default:
        throw new UntranslatableException("image source " + Fields.harmless(type));
    }
    source.end();
    return image;
  }

  private static Part document(Fields block) throws UntranslatableException {
    block.refuse("context");
    Fields citations = block.object("citations");
    if (citations != null && citations.isTrue("enabled")) {
      throw new UntranslatableException("citations");
    }
    String title = block.string("title");
    Fields source = source(block);
    String type = source.needString("type");
    Part document;
    switch (type) {
      case "base64":
        document = Document.pdf(title, source.needString("data"));
        break;
      case "text":
        document = Document.ofText(title, source.needString("data"));
        break;
      case "url":
        document = Document.at(title, source.needString("url"));
        break;
      default:
        throw new UntranslatableException("document source " + Fields.harmless(type));
    }
    source.ignore("media_type").end();
    return document;
  }

  private static Part toolUse(Fields block) throws UntranslatableException {
    Fields caller = block.object("caller");
    if (caller != null && !"direct".equals(caller.needString("type"))) {
      throw new UntranslatableException("tool call of a hosted tool");
    }
    String input = block.objectJson("input");
    return new ToolCall(
        block.needString("id"), block.needString("name"), input == null ? "{}" : input);
  }

  private Part toolResult(Fields block) throws UntranslatableException {
    return new ToolResult(
        block.needString("tool_use_id"),
        ChatReader.withoutEmptyTexts(blocks(block.take("content"), "tool result")),
        block.isTrue("is_error"));
  }

  private void tools() throws UntranslatableException {
    for (JsonTree item : request.list("tools")) {
      Fields tool = request.inside(item, "tool");
      String type = tool.string("type");
      if (type != null && !type.equals("custom")) {
        throw new UntranslatableException("hosted tool " + Fields.harmless(type));
      }
      for (JsonTree caller : tool.list("allowed_callers")) {
        if (!"direct".equals(caller.text())) {
          throw new UntranslatableException("tool for a hosted tool");
        }
      }
      tool.dropFalse("defer_loading")
          .drop("cache_control", "input_examples", "eager_input_streaming");
      conversation.tools.add(
          new ToolDefinition(
              tool.needString("name"),
              tool.string("description"),
              tool.objectJson("input_schema"),
              tool.isTrue("strict")));
      tool.end();
    }
  }

  private void toolChoice() throws UntranslatableException {
    Fields choice = request.object("tool_choice");
    if (choice == null) {
      return;
    }
    String type = choice.needString("type");
    switch (type) {
      case "auto":
        conversation.toolChoice = ToolChoice.of(Mode.AUTO);
        break;
      case "any":
        conversation.toolChoice = ToolChoice.of(Mode.REQUIRED);
        break;
      case "none":
        conversation.toolChoice = ToolChoice.of(Mode.NONE);
        break;
      case "tool":
        conversation.toolChoice = ToolChoice.function(choice.needString("name"));
        break;
      default:
        throw new UntranslatableException("tool_choice " + Fields.harmless(type));
    }
    conversation.parallelToolCalls = !choice.isTrue("disable_parallel_tool_use");
    choice.end();
  }
}
