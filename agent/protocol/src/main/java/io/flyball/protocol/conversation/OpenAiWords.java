package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Audio;
import io.flyball.protocol.conversation.Part.Document;
import io.flyball.protocol.conversation.Part.Image;
import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.ToolChoice.Mode;
import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What chat completions and responses have in common. */
final class OpenAiWords {
  private static final String PDF = "application/pdf";

  private OpenAiWords() {}

  /** A string, or a list of typed parts; null is nothing. */
  static List<Part> content(JsonTree content, Fields around) throws UntranslatableException {
    if (content == null) {
      return Collections.emptyList();
    }
    if (content.text() != null) {
      return Collections.<Part>singletonList(new Text(content.text()));
    }
    if (!content.isArray()) {
      throw Fields.malformed("content");
    }
    List<Part> parts = new ArrayList<>();
    for (JsonTree item : content.children()) {
      parts.add(part(around.inside(item, "content part")));
    }
    return parts;
  }

  private static Part part(Fields part) throws UntranslatableException {
    String type = part.needString("type");
    Part read;
    switch (type) {
      case "text":
      case "input_text":
      case "output_text":
        part.ignore("annotations").drop("logprobs", "prompt_cache_breakpoint", "cache_control");
        read = new Text(part.needString("text"));
        break;
      case "refusal":
        read = new Text(part.needString("refusal"));
        break;
      case "image_url":
        read = image(part.object("image_url"));
        break;
      case "input_image":
        read = image(part);
        break;
      case "input_audio":
        read = audio(part.object("input_audio"));
        break;
      case "file":
        read = file(part.object("file"));
        break;
      case "input_file":
        read = file(part);
        break;
      default:
        throw new UntranslatableException("content part " + Fields.harmless(type));
    }
    part.end();
    return read;
  }

  private static Part image(Fields image) throws UntranslatableException {
    if (image == null) {
      throw Fields.malformed("content part");
    }
    image.ignore("type").refuse("file_id").drop("detail", "prompt_cache_breakpoint");
    JsonTree nested = image.take("url");
    String url = nested != null ? nested.text() : image.string("image_url");
    image.end();
    if (url == null) {
      throw Fields.malformed("content part");
    }
    if (!DataUrl.is(url)) {
      return Image.at(url);
    }
    DataUrl data = DataUrl.parse(url);
    return Image.inline(data.mediaType, data.base64);
  }

  private static Part audio(Fields audio) throws UntranslatableException {
    if (audio == null) {
      throw Fields.malformed("content part");
    }
    Part read = new Audio(audio.needString("format"), audio.needString("data"));
    audio.end();
    return read;
  }

  private static Part file(Fields file) throws UntranslatableException {
    if (file == null) {
      throw Fields.malformed("content part");
    }
    file.ignore("type").refuse("file_id").drop("detail", "prompt_cache_breakpoint");
    String title = file.string("filename");
    String url = file.string("file_url");
    String data = file.string("file_data");
    file.end();
    if (url != null) {
      return Document.at(title, url);
    }
    if (data == null) {
      throw Fields.malformed("content part");
    }
    if (!DataUrl.is(data)) {
      return Document.pdf(title, data);
    }
    DataUrl parsed = DataUrl.parse(data);
    if (!parsed.mediaType.equals(PDF)) {
      throw new UntranslatableException("file that is no PDF");
    }
    return Document.pdf(title, parsed.base64);
  }

  /** Texts only, where nothing else may stand. */
  static void system(Conversation.Builder conversation, boolean first, List<Part> content)
      throws UntranslatableException {
    for (Part part : content) {
      if (!(part instanceof Text)) {
        throw new UntranslatableException("system message with more than text");
      }
      if (first) {
        conversation.system(((Text) part).text);
      }
    }
    if (!first) {
      conversation.say(Turn.Role.SYSTEM, content);
    }
  }

  /**
   * {@code function} tools, with their properties in {@code function} or, in responses, beside the
   * type.
   */
  static void tools(Conversation.Builder conversation, Fields request)
      throws UntranslatableException {
    for (JsonTree item : request.list("tools")) {
      Fields tool = request.inside(item, "tool");
      String type = tool.needString("type");
      if (!type.equals("function")) {
        throw new UntranslatableException("hosted tool " + Fields.harmless(type));
      }
      Fields nested = tool.object("function");
      Fields function = nested == null ? tool : nested;
      function.dropFalse("defer_loading");
      conversation.tools.add(
          new ToolDefinition(
              function.needString("name"),
              function.string("description"),
              function.objectJson("parameters"),
              function.isTrue("strict")));
      function.end();
      tool.drop("cache_control").end();
    }
  }

  static void toolChoice(Conversation.Builder conversation, Fields request)
      throws UntranslatableException {
    Boolean parallel = request.bool("parallel_tool_calls");
    conversation.parallelToolCalls = parallel == null || parallel;
    JsonTree choice = request.take("tool_choice");
    if (choice == null) {
      return;
    }
    if (choice.text() != null) {
      conversation.toolChoice = ToolChoice.of(mode(choice.text()));
      return;
    }
    Fields chosen = request.inside(choice, "tool_choice");
    String type = chosen.needString("type");
    if (!type.equals("function")) {
      throw new UntranslatableException("tool_choice " + Fields.harmless(type));
    }
    Fields nested = chosen.object("function");
    conversation.toolChoice =
        ToolChoice.function((nested == null ? chosen : nested).needString("name"));
    chosen.end();
  }

  private static Mode mode(String word) throws UntranslatableException {
    switch (word) {
      case "auto":
        return Mode.AUTO;
      case "none":
        return Mode.NONE;
      case "required":
      case "any":
        return Mode.REQUIRED;
      default:
        throw new UntranslatableException("tool_choice " + Fields.harmless(word));
    }
  }

  /** {@code schema} stands in an object of its own in chat, beside the type in responses. */
  static void format(Conversation.Builder conversation, Fields format)
      throws UntranslatableException {
    if (format == null) {
      return;
    }
    String type = format.needString("type");
    switch (type) {
      case "text":
        break;
      case "json_object":
        conversation.format = OutputFormat.anyObject();
        break;
      case "json_schema":
        Fields nested = format.object("json_schema");
        conversation.format = schema(nested == null ? format : nested);
        break;
      default:
        throw new UntranslatableException("response_format " + Fields.harmless(type));
    }
    format.end();
  }

  private static OutputFormat schema(Fields format) throws UntranslatableException {
    String schema = format.objectJson("schema");
    if (schema == null) {
      throw Fields.malformed("response_format");
    }
    OutputFormat read =
        OutputFormat.schema(
            schema, format.string("name"), format.string("description"), format.isTrue("strict"));
    format.ignore("type").end();
    return read;
  }

  static void effort(Conversation.Builder conversation, Fields around, String name)
      throws UntranslatableException {
    String word = around.string(name);
    conversation.effort = word == null ? null : Effort.named(word);
    if (conversation.effort == null) {
      around.drop(name);
    }
  }

  /** What both ends may be told about the person behind a call. */
  static void user(Conversation.Builder conversation, Fields request)
      throws UntranslatableException {
    String user = request.string("user");
    String identifier = request.string("safety_identifier");
    conversation.user = identifier != null ? identifier : user;
    request.drop(
        "metadata",
        "service_tier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "prompt_cache_options",
        "verbosity");
  }

  static void refuseLastAssistant(Conversation conversation) throws UntranslatableException {
    if (conversation.endsWithAssistant()) {
      throw new UntranslatableException("assistant message at the end");
    }
  }
}
