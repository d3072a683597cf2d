package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.json.JsonWriter;
import java.util.List;
import java.util.regex.Pattern;

/** What the writers of all protocols have in common. */
final class Writing {
  private static final Pattern PLAIN_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final String[] PICTURES = {"image/jpeg", "image/png", "image/webp"};

  private Writing() {}

  static boolean isPlainName(String name) {
    return PLAIN_NAME.matcher(name).matches();
  }

  static void checkNames(Conversation conversation, Pattern allowed)
      throws UntranslatableException {
    for (ToolDefinition tool : conversation.tools) {
      checkName(tool.name, allowed);
    }
    for (String name : conversation.calledTools().values()) {
      checkName(name, allowed);
    }
  }

  static void checkPlainNames(Conversation conversation) throws UntranslatableException {
    checkNames(conversation, PLAIN_NAME);
  }

  private static void checkName(String name, Pattern allowed) throws UntranslatableException {
    if (!allowed.matcher(name).matches()) {
      throw new UntranslatableException("tool name with characters the target does not take");
    }
  }

  /**
   * @param more a type beyond those that all take
   */
  static void checkPicture(String mediaType, String... more) throws UntranslatableException {
    for (String type : PICTURES) {
      if (type.equals(mediaType)) {
        return;
      }
    }
    for (String type : more) {
      if (type.equals(mediaType)) {
        return;
      }
    }
    throw new UntranslatableException("image type the target does not take");
  }

  /** The conversation's first word is the user's; Anthropic and Gemini refuse others. */
  static void checkUserIsFirst(Conversation conversation) throws UntranslatableException {
    if (conversation.turns.isEmpty()) {
      throw new UntranslatableException("no user message");
    }
    if (conversation.turns.get(0).role != Turn.Role.USER) {
      throw new UntranslatableException("assistant message at the beginning");
    }
  }

  static void checkPrefill(Conversation conversation, ModelTraits traits)
      throws UntranslatableException {
    if (conversation.endsWithAssistant() && !traits.takesPrefill) {
      throw new UntranslatableException("assistant prefill");
    }
  }

  /** The texts of a tool's result on lines of their own. */
  static String joined(List<Part> content, String nothingElse) throws UntranslatableException {
    StringBuilder text = new StringBuilder();
    for (Part part : content) {
      if (!(part instanceof Text)) {
        throw new UntranslatableException(nothingElse);
      }
      text.append(text.length() == 0 ? "" : "\n").append(((Text) part).text);
    }
    return text.toString();
  }

  static void stops(JsonWriter out, String name, List<String> stops, int most)
      throws UntranslatableException {
    if (stops.isEmpty()) {
      return;
    }
    if (stops.size() > most) {
      throw new UntranslatableException("more than " + most + " stop sequences");
    }
    out.name(name).startArray();
    for (String stop : stops) {
      out.string(stop);
    }
    out.endArray();
  }

  /** Writes a number if there is one. */
  static void number(JsonWriter out, String name, String value) {
    if (value != null) {
      out.json(name, value);
    }
  }

  static void lost(Losses losses, String name, Object value) {
    if (value != null) {
      losses.add(name);
    }
  }
}
