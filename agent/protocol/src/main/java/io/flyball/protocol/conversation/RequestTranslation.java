package io.flyball.protocol.conversation;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.json.JsonTree;
import java.io.UncheckedIOException;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes of a request one that a target understands: a splice where the target speaks the same
 * protocol, else a translation. What cannot be carried over without changing what the request means
 * is refused; hints may get lost.
 */
public final class RequestTranslation {
  private static final String ANTHROPIC_VERSION = "2023-06-01";

  private RequestTranslation() {}

  /**
   * @param facts what the request says about itself
   * @param originalPathAndQuery where the application sent it
   * @param body the whole body, not compressed; it is not changed
   * @throws UntranslatableException when the target cannot be asked the same; nothing else is
   *     thrown for whatever the body holds
   */
  public static TranslatedRequest translate(
      RequestFacts facts, String originalPathAndQuery, byte[] body, TargetModel target)
      throws UntranslatableException {
    JsonTree tree = JsonTree.read(body);
    if (tree == null || !tree.isObject()) {
      throw Fields.malformed("request");
    }
    SourceCall call = new SourceCall(facts, originalPathAndQuery);
    if (call.isSpokenBy(target)) {
      return SameProtocol.splice(call, tree, body, target);
    }
    if (target.model() == null) {
      throw new UntranslatableException("no model for the target");
    }
    Losses losses = new Losses();
    try {
      Conversation conversation = read(call, tree, losses);
      return write(conversation, target, losses);
    } catch (UncheckedIOException e) {
      throw Fields.malformed("request");
    }
  }

  private static Conversation read(SourceCall call, JsonTree body, Losses losses)
      throws UntranslatableException {
    switch (call.api) {
      case CHAT:
        return ChatReader.read(body, losses);
      case RESPONSES:
        return ResponsesReader.read(body, losses);
      case MESSAGES:
        return MessagesReader.read(body, losses);
      case GENERATE:
        if (call.stream && !call.isEventStream()) {
          throw new UntranslatableException("stream that is a JSON array");
        }
        return GeminiReader.read(body, call.stream, losses);
      default:
        throw new UntranslatableException(call.operation());
    }
  }

  private static TranslatedRequest write(
      Conversation conversation, TargetModel target, Losses losses) throws UntranslatableException {
    byte[] body;
    String path;
    boolean stream = conversation.stream;
    List<Map.Entry<String, String>> headers = headers(stream);
    switch (target.protocol()) {
      case TargetModel.ANTHROPIC:
        body = MessagesWriter.write(conversation, target, losses);
        path = "/v1/messages";
        String version = target.anthropicVersion();
        headers.add(header("anthropic-version", version == null ? ANTHROPIC_VERSION : version));
        break;
      case TargetModel.GEMINI:
        body = GeminiWriter.write(conversation, target, losses);
        path =
            Paths.gemini(
                target.model(), stream ? "streamGenerateContent?alt=sse" : "generateContent");
        break;
      default:
        body = ChatWriter.write(conversation, target, losses);
        path =
            target.protocol().equals(TargetModel.AZURE)
                ? Paths.azure(target.model(), "/chat/completions", target.apiVersion(), null)
                : "/chat/completions";
        break;
    }
    return new TranslatedRequest(body, path, headers, false, stream, losses);
  }

  private static List<Map.Entry<String, String>> headers(boolean stream) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(header("content-type", "application/json"));
    headers.add(header("accept", stream ? "text/event-stream" : "application/json"));
    return headers;
  }

  static Map.Entry<String, String> header(String name, String value) {
    return new SimpleImmutableEntry<>(name, value);
  }

  /**
   * The address of a request at a target. Base URLs may end with a slash, and with the beginning of
   * the path ({@code https://api.anthropic.com/v1} and {@code /v1/messages}).
   *
   * @param baseUrl without a query
   * @param path as {@link TranslatedRequest#path} gives it
   */
  public static String join(String baseUrl, String path) {
    String base = baseUrl;
    while (base.endsWith("/")) {
      base = base.substring(0, base.length() - 1);
    }
    int first = path.indexOf('/', 1);
    String beginning = first < 0 ? path : path.substring(0, first);
    int scheme = base.indexOf("://");
    int authority = base.indexOf('/', scheme < 0 ? 0 : scheme + 3);
    boolean repeated = authority >= 0 && first > 0 && base.substring(authority).endsWith(beginning);
    return base + (repeated ? path.substring(first) : path);
  }
}
