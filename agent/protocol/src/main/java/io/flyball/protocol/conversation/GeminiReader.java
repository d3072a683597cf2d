package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Audio;
import io.flyball.protocol.conversation.Part.Document;
import io.flyball.protocol.conversation.Part.Image;
import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.conversation.ToolChoice.Mode;
import io.flyball.protocol.conversation.Turn.Role;
import io.flyball.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Reads Gemini's generateContent and streamGenerateContent. */
final class GeminiReader {
  private static final List<String> RESULT_NAMES = Arrays.asList("result", "output", "error");

  private final Fields request;
  private final Losses losses;
  private final Conversation.Builder conversation = new Conversation.Builder();
  private final GeminiIds ids = new GeminiIds();

  private GeminiReader(Fields request, Losses losses) {
    this.request = request;
    this.losses = losses;
  }

  /**
   * @param stream whether the path asks for a stream
   */
  static Conversation read(JsonTree body, boolean stream, Losses losses)
      throws UntranslatableException {
    return new GeminiReader(new Fields(body, "request", losses, true), losses).read(stream);
  }

  private Conversation read(boolean stream) throws UntranslatableException {
    request.ignore("model").refuse("cachedContent").dropFalse("store");
    request.drop("labels", "serviceTier");
    conversation.stream = stream;
    safety();
    Fields system = request.object("systemInstruction");
    if (system != null) {
      system.ignore("role");
      for (JsonTree part : system.list("parts")) {
        Part read = part(request.inside(part, "part"));
        if (!(read instanceof Text)) {
          throw new UntranslatableException("system message with more than text");
        }
        conversation.system(((Text) read).text);
      }
      system.end();
    }
    contents();
    tools();
    toolChoice();
    Fields config = request.object("generationConfig");
    if (config != null) {
      config(config);
    }
    request.end();
    return conversation.build();
  }

  /** To switch a filter off is a hint for others; to sharpen one is a rule that they lack. */
  private void safety() throws UntranslatableException {
    for (JsonTree item : request.list("safetySettings")) {
      Fields setting = request.inside(item, "safetySettings");
      setting.ignore("category", "method");
      String threshold = setting.string("threshold");
      if (threshold != null && threshold.startsWith("BLOCK_") && !threshold.endsWith("_NONE")) {
        throw new UntranslatableException("safetySettings");
      }
      losses.add("safetySettings");
      setting.end();
    }
  }

  private void contents() throws UntranslatableException {
    JsonTree contents = request.take("contents");
    if (contents == null) {
      throw Fields.malformed("contents");
    }
    List<JsonTree> items =
        contents.isArray() ? contents.children() : Collections.singletonList(contents);
    for (JsonTree item : items) {
      Fields content = request.inside(item, "content");
      String role = content.string("role");
      boolean assistant = "model".equals(role);
      boolean known = role == null || assistant || role.equals("user") || role.equals("function");
      if (!known) {
        throw new UntranslatableException("message role " + Fields.harmless(role));
      }
      List<Part> parts = new ArrayList<>();
      for (JsonTree part : content.list("parts")) {
        Part read = part(request.inside(part, "part"));
        if (read != null) {
          parts.add(read);
        }
      }
      content.end();
      conversation.say(assistant ? Role.ASSISTANT : Role.USER, parts);
    }
  }

  /**
   * @return null for what may be left out
   */
  private Part part(Fields part) throws UntranslatableException {
    part.refuse(
        "executableCode", "codeExecutionResult", "toolCall", "toolResponse", "videoMetadata");
    part.drop("thoughtSignature", "mediaResolution", "partMetadata");
    boolean thought = part.isTrue("thought");
    Fields call = part.object("functionCall");
    Fields response = part.object("functionResponse");
    Fields inline = part.object("inlineData");
    Fields file = part.object("fileData");
    String text = part.string("text");
    part.end();
    if (thought) {
      losses.add("thinking");
      return null;
    }
    if (call != null) {
      return call(call);
    }
    if (response != null) {
      return response(response);
    }
    if (inline != null) {
      return inline(inline);
    }
    return file != null ? file(file) : text == null ? null : new Text(text);
  }

  private Part call(Fields call) throws UntranslatableException {
    call.dropFalse("willContinue").refuse("partialArgs");
    String name = call.needString("name");
    String arguments = call.objectJson("args");
    String id = ids.ofCall(call.string("id"), name);
    call.end();
    return new ToolCall(id, name, arguments == null ? "{}" : arguments);
  }

  private Part response(Fields response) throws UntranslatableException {
    response.dropFalse("willContinue").drop("scheduling");
    if (!response.list("parts").isEmpty()) {
      throw new UntranslatableException("functionResponse with more than JSON");
    }
    String id = ids.ofResponse(response.string("id"), response.needString("name"));
    JsonTree object = response.take("response");
    if (object != null && !object.isObject()) {
      throw Fields.malformed("functionResponse");
    }
    response.end();
    String text = object == null ? "" : object.json();
    boolean error = false;
    if (object != null && isWrapped(object)) {
      JsonTree only = object.children().get(0);
      text = only.text();
      error = only.name().equals("error");
    }
    List<Part> content =
        text.isEmpty()
            ? Collections.<Part>emptyList()
            : Collections.<Part>singletonList(new Text(text));
    return new ToolResult(id, content, error);
  }

  /** Whether the object is nothing but a text in the wrapper that Google's own SDKs use. */
  static boolean isWrapped(JsonTree object) {
    return object.children().size() == 1
        && object.children().get(0).text() != null
        && RESULT_NAMES.contains(object.children().get(0).name());
  }

  private static Part inline(Fields inline) throws UntranslatableException {
    String type = inline.needString("mimeType").toLowerCase(Locale.ROOT);
    String data = inline.needString("data");
    String title = inline.string("displayName");
    inline.end();
    if (type.startsWith("image/")) {
      return Image.inline(type, data);
    }
    switch (type) {
      case "application/pdf":
        return Document.pdf(title, data);
      case "text/plain":
        return Document.ofText(title, plainText(data));
      case "audio/wav":
        return new Audio("wav", data);
      case "audio/mp3":
      case "audio/mpeg":
        return new Audio("mp3", data);
      default:
        throw new UntranslatableException("inline data that is no image, text, PDF, WAV or MP3");
    }
  }

  private static String plainText(String base64) throws UntranslatableException {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Fields.malformed("inline data");
    }
  }

  private static Part file(Fields file) throws UntranslatableException {
    String type = file.string("mimeType");
    String uri = file.needString("fileUri");
    String title = file.string("displayName");
    file.end();
    boolean kept = uri.contains("googleapis.com/") || uri.contains("youtu");
    if (!uri.startsWith("https://") || kept) {
      throw new UntranslatableException("file of the provider's");
    }
    if (type != null && type.startsWith("image/")) {
      return Image.at(uri);
    }
    if ("application/pdf".equals(type)) {
      return Document.at(title, uri);
    }
    throw new UntranslatableException("file that is no image or PDF");
  }

  private void tools() throws UntranslatableException {
    for (JsonTree item : request.list("tools")) {
      Fields tool = request.inside(item, "tool");
      for (JsonTree declared : tool.list("functionDeclarations")) {
        declaration(request.inside(declared, "function declaration"));
      }
      for (JsonTree other : item.children()) {
        boolean functions = tool.take("functionDeclarations") != null;
        boolean isFunctions =
            other.name().equals("functionDeclarations")
                || other.name().equals("function_declarations");
        if (!other.isNull() && !(functions && isFunctions)) {
          throw new UntranslatableException("hosted tool " + Fields.harmless(other.name()));
        }
      }
    }
  }

  private void declaration(Fields declaration) throws UntranslatableException {
    JsonTree openApi = declaration.take("parameters");
    String schema = declaration.objectJson("parametersJsonSchema");
    declaration.drop("response", "responseJsonSchema");
    String behavior = declaration.string("behavior");
    if (behavior != null && !behavior.equals("BLOCKING") && !behavior.endsWith("UNSPECIFIED")) {
      throw new UntranslatableException("function behavior");
    }
    if (schema == null && openApi != null) {
      schema = OpenApiSchema.toJsonSchema(openApi);
    }
    conversation.tools.add(
        new ToolDefinition(
            declaration.needString("name"), declaration.string("description"), schema, false));
    declaration.end();
  }

  private void toolChoice() throws UntranslatableException {
    Fields config = request.object("toolConfig");
    if (config == null) {
      return;
    }
    config.refuse("retrievalConfig").dropFalse("includeServerSideToolInvocations");
    Fields calling = config.object("functionCallingConfig");
    config.end();
    if (calling == null) {
      return;
    }
    String mode = calling.string("mode");
    List<JsonTree> allowed = calling.list("allowedFunctionNames");
    calling.dropFalse("streamFunctionCallArguments").end();
    if (allowed.size() > 1 || (!allowed.isEmpty() && !"ANY".equals(mode))) {
      throw new UntranslatableException("allowedFunctionNames");
    }
    conversation.toolChoice = choice(mode == null ? "AUTO" : mode, allowed);
  }

  private ToolChoice choice(String mode, List<JsonTree> allowed) throws UntranslatableException {
    switch (mode) {
      case "VALIDATED":
        losses.add("function calling mode VALIDATED");
        return ToolChoice.of(Mode.AUTO);
      case "MODE_UNSPECIFIED":
      case "AUTO":
        return ToolChoice.of(Mode.AUTO);
      case "NONE":
        return ToolChoice.of(Mode.NONE);
      case "ANY":
        String only = allowed.isEmpty() ? null : allowed.get(0).text();
        return only == null ? ToolChoice.of(Mode.REQUIRED) : ToolChoice.function(only);
      default:
        throw new UntranslatableException("function calling mode " + Fields.harmless(mode));
    }
  }

  private void config(Fields config) throws UntranslatableException {
    Long candidates = config.integer("candidateCount");
    if (candidates != null && candidates > 1) {
      throw new UntranslatableException("n > 1");
    }
    config.dropFalse("responseLogprobs", "audioTimestamp", "enableEnhancedCivicAnswers");
    config.refuse("logprobs", "speechConfig", "imageConfig", "routingConfig", "modelConfig");
    config.drop("mediaResolution");
    for (JsonTree modality : config.list("responseModalities")) {
      if (!"TEXT".equalsIgnoreCase(modality.text())) {
        throw new UntranslatableException("responseModalities");
      }
    }
    conversation.maxOutputTokens = config.integer("maxOutputTokens");
    conversation.sampling.temperature = config.number("temperature");
    conversation.sampling.topP = config.number("topP");
    conversation.sampling.topK = config.number("topK");
    conversation.sampling.frequencyPenalty = config.number("frequencyPenalty");
    conversation.sampling.presencePenalty = config.number("presencePenalty");
    conversation.sampling.seed = config.number("seed");
    for (JsonTree stop : config.list("stopSequences")) {
      if (stop.text() == null) {
        throw Fields.malformed("stopSequences");
      }
      conversation.stopSequences.add(stop.text());
    }
    format(config);
    Fields thinking = config.object("thinkingConfig");
    if (thinking != null) {
      Long budget = thinking.integer("thinkingBudget");
      String level = thinking.string("thinkingLevel");
      conversation.effort =
          level != null ? Effort.named(level) : budget == null ? null : Effort.ofBudget(budget);
      thinking.drop("includeThoughts").end();
    }
    config.end();
  }

  private void format(Fields config) throws UntranslatableException {
    String type = config.string("responseMimeType");
    JsonTree openApi = config.take("responseSchema");
    String schema = config.objectJson("responseJsonSchema");
    String oldName = config.objectJson("_responseJsonSchema");
    schema = schema == null ? oldName : schema;
    if (schema == null && openApi != null) {
      schema = OpenApiSchema.toJsonSchema(openApi);
    }
    if (type == null || type.equals("text/plain")) {
      if (schema != null) {
        throw Fields.malformed("generationConfig");
      }
      return;
    }
    if (!type.equals("application/json")) {
      throw new UntranslatableException("responseMimeType");
    }
    conversation.format =
        schema == null ? OutputFormat.anyObject() : OutputFormat.schema(schema, null, null, true);
  }
}
