package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.conversation.Turn.Role;
import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads OpenAI's chat completions. */
final class ChatReader {
  private final Fields request;
  private final Conversation.Builder conversation = new Conversation.Builder();

  private ChatReader(Fields request) {
    this.request = request;
  }

  static Conversation read(JsonTree body, Losses losses) throws UntranslatableException {
    return new ChatReader(new Fields(body, "request", losses, false)).read();
  }

  private Conversation read() throws UntranslatableException {
    request.ignore("model");
    refuseWhatOnlyOpenAiHas();
    boolean first = true;
    List<JsonTree> messages = request.list("messages");
    for (JsonTree message : messages) {
      first = message(request.inside(message, "message"), first);
    }
    OpenAiWords.tools(conversation, request);
    OpenAiWords.toolChoice(conversation, request);
    OpenAiWords.format(conversation, request.object("response_format"));
    Long limit = request.integer("max_completion_tokens");
    Long oldLimit = request.integer("max_tokens");
    conversation.maxOutputTokens = limit != null ? limit : oldLimit;
    sampling();
    stop();
    stream();
    OpenAiWords.user(conversation, request);
    OpenAiWords.effort(conversation, request, "reasoning_effort");
    request.end();
    Conversation read = conversation.build();
    OpenAiWords.refuseLastAssistant(read);
    return read;
  }

  private void refuseWhatOnlyOpenAiHas() throws UntranslatableException {
    Long choices = request.integer("n");
    if (choices != null && choices > 1) {
      throw new UntranslatableException("n > 1");
    }
    request.dropFalse("logprobs", "store");
    Long alternatives = request.integer("top_logprobs");
    if (alternatives != null && alternatives > 0) {
      throw new UntranslatableException("logprobs");
    }
    JsonTree bias = request.take("logit_bias");
    if (bias != null && !bias.children().isEmpty()) {
      throw new UntranslatableException("logit_bias");
    }
    for (JsonTree modality : request.list("modalities")) {
      if (!"text".equals(modality.text())) {
        throw new UntranslatableException("modalities");
      }
    }
    request.refuse("audio", "prediction", "web_search_options", "functions", "function_call");
  }

  private void sampling() throws UntranslatableException {
    Sampling sampling = conversation.sampling;
    sampling.temperature = request.number("temperature");
    sampling.topP = request.number("top_p");
    sampling.topK = request.number("top_k");
    sampling.frequencyPenalty = request.number("frequency_penalty");
    sampling.presencePenalty = request.number("presence_penalty");
    sampling.seed = request.number("seed");
  }

  private void stop() throws UntranslatableException {
    JsonTree stop = request.take("stop");
    if (stop == null) {
      return;
    }
    List<JsonTree> items = stop.isArray() ? stop.children() : Collections.singletonList(stop);
    for (JsonTree item : items) {
      if (item.text() == null) {
        throw Fields.malformed("stop");
      }
      conversation.stopSequences.add(item.text());
    }
  }

  private void stream() throws UntranslatableException {
    conversation.stream = request.isTrue("stream");
    Fields options = request.object("stream_options");
    conversation.streamUsage = options != null && options.isTrue("include_usage");
    if (options != null) {
      options.drop("include_obfuscation").end();
    }
  }

  /**
   * @return whether system messages still stand before all others
   */
  private boolean message(Fields message, boolean first) throws UntranslatableException {
    String role = message.needString("role");
    message.drop("name");
    switch (role) {
      case "system":
      case "developer":
        OpenAiWords.system(
            conversation, first, OpenAiWords.content(message.take("content"), message));
        message.end();
        return first;
      case "user":
        conversation.say(Role.USER, OpenAiWords.content(message.take("content"), message));
        break;
      case "assistant":
        assistant(message);
        break;
      case "tool":
        conversation.say(Role.USER, Collections.singletonList(toolResult(message)));
        break;
      default:
        throw new UntranslatableException("message role " + Fields.harmless(role));
    }
    message.end();
    return false;
  }

  private void assistant(Fields message) throws UntranslatableException {
    message
        .refuse("audio", "function_call")
        .ignore("annotations")
        .drop("reasoning_content", "reasoning", "reasoning_details");
    List<Part> said = new ArrayList<>(OpenAiWords.content(message.take("content"), message));
    String refusal = message.string("refusal");
    if (refusal != null) {
      said.add(new Text(refusal));
    }
    for (JsonTree item : message.list("tool_calls")) {
      said.add(toolCall(message.inside(item, "tool call")));
    }
    conversation.say(Role.ASSISTANT, said);
  }

  private static ToolCall toolCall(Fields call) throws UntranslatableException {
    String type = call.string("type");
    if (type != null && !type.equals("function")) {
      throw new UntranslatableException("tool call " + Fields.harmless(type));
    }
    Fields function = call.object("function");
    if (function == null) {
      throw Fields.malformed("tool call");
    }
    ToolCall read =
        new ToolCall(
            call.needString("id"),
            function.needString("name"),
            JsonText.arguments(function.string("arguments")));
    function.end();
    call.ignore("index").drop("extra_content").end();
    return read;
  }

  private static ToolResult toolResult(Fields message) throws UntranslatableException {
    return new ToolResult(
        message.needString("tool_call_id"),
        withoutEmptyTexts(OpenAiWords.content(message.take("content"), message)),
        false);
  }

  static List<Part> withoutEmptyTexts(List<Part> parts) {
    List<Part> kept = new ArrayList<>();
    for (Part part : parts) {
      if (!(part instanceof Text) || !((Text) part).text.isEmpty()) {
        kept.add(part);
      }
    }
    return kept;
  }
}
