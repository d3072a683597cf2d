package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.conversation.Turn.Role;
import io.flyball.protocol.json.JsonTree;
import java.util.Collections;
import java.util.List;

/** Reads OpenAI's responses, as far as they lean on nothing that OpenAI keeps. */
final class ResponsesReader {
  private final Fields request;
  private final Losses losses;
  private final Conversation.Builder conversation = new Conversation.Builder();
  private boolean first = true;

  private ResponsesReader(Fields request, Losses losses) {
    this.request = request;
    this.losses = losses;
  }

  static Conversation read(JsonTree body, Losses losses) throws UntranslatableException {
    return new ResponsesReader(new Fields(body, "request", losses, false), losses).read();
  }

  private Conversation read() throws UntranslatableException {
    request
        .ignore("model")
        .refuse("previous_response_id", "conversation", "prompt", "context_management")
        .dropFalse("background", "store")
        .drop("truncation", "max_tool_calls", "stream_options");
    include();
    String instructions = request.string("instructions");
    if (instructions != null) {
      conversation.system(instructions);
    }
    input();
    OpenAiWords.tools(conversation, request);
    OpenAiWords.toolChoice(conversation, request);
    Fields text = request.object("text");
    if (text != null) {
      OpenAiWords.format(conversation, text.object("format"));
      text.drop("verbosity").end();
    }
    conversation.maxOutputTokens = request.integer("max_output_tokens");
    conversation.sampling.temperature = request.number("temperature");
    conversation.sampling.topP = request.number("top_p");
    conversation.stream = request.isTrue("stream");
    Fields reasoning = request.object("reasoning");
    if (reasoning != null) {
      OpenAiWords.effort(conversation, reasoning, "effort");
      reasoning.drop("summary", "generate_summary").end();
    }
    OpenAiWords.user(conversation, request);
    request.end();
    Conversation read = conversation.build();
    OpenAiWords.refuseLastAssistant(read);
    return read;
  }

  private void include() throws UntranslatableException {
    for (JsonTree item : request.list("include")) {
      if (!"reasoning.encrypted_content".equals(item.text())) {
        throw new UntranslatableException("include " + Fields.harmless(item.text()));
      }
      losses.add("include");
    }
    Long alternatives = request.integer("top_logprobs");
    if (alternatives != null && alternatives > 0) {
      throw new UntranslatableException("logprobs");
    }
  }

  private void input() throws UntranslatableException {
    JsonTree input = request.take("input");
    if (input != null && input.text() != null) {
      conversation.say(Role.USER, Collections.singletonList(new Text(input.text())));
      return;
    }
    if (input == null || !input.isArray()) {
      throw Fields.malformed("input");
    }
    for (JsonTree item : input.children()) {
      item(request.inside(item, "input item"));
    }
  }

  private void item(Fields item) throws UntranslatableException {
    String type = item.string("type");
    item.ignore("id", "status");
    switch (type == null ? "message" : type) {
      case "message":
        message(item);
        break;
      case "function_call":
        conversation.say(
            Role.ASSISTANT,
            Collections.singletonList(
                new ToolCall(
                    item.needString("call_id"),
                    item.needString("name"),
                    JsonText.arguments(item.string("arguments")))));
        first = false;
        break;
      case "function_call_output":
        conversation.say(
            Role.USER,
            Collections.singletonList(
                new ToolResult(
                    item.needString("call_id"),
                    ChatReader.withoutEmptyTexts(OpenAiWords.content(item.take("output"), item)),
                    false)));
        first = false;
        break;
      case "reasoning":
        // Only OpenAI can read it; a model that did not think this goes on without.
        losses.add("reasoning");
        return;
      default:
        throw new UntranslatableException("input item " + Fields.harmless(type));
    }
    item.end();
  }

  private void message(Fields item) throws UntranslatableException {
    String role = item.needString("role");
    List<Part> content = OpenAiWords.content(item.take("content"), item);
    item.ignore("phase");
    switch (role) {
      case "system":
      case "developer":
        OpenAiWords.system(conversation, first, content);
        return;
      case "user":
        conversation.say(Role.USER, content);
        break;
      case "assistant":
        conversation.say(Role.ASSISTANT, content);
        break;
      default:
        throw new UntranslatableException("message role " + Fields.harmless(role));
    }
    first = false;
  }
}
