package io.flyball.engine;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import io.flyball.wire.RequestEncoding;
import io.flyball.wire.WireRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Says which model calls cannot be read, once for each reason and host. Thread safe. */
final class UnreadRequests {
  static final String REFUSED = "it is refused, because what no call may exceed is configured";
  static final String RECORDED =
      "it goes its way, recorded with what its answer says, and no policy applies";
  static final String UNSEEN = "it goes its way, neither governed nor recorded";

  /** Some servers read forms, YAML or what else their own parsers take. */
  static final String NO_JSON = "the request's body is no JSON, which Flyball cannot read";

  private static final JsonShape<Object> ANY = JsonShape.builder().build();

  private static final int MOST_TOLD = 100;

  private final Consumer<String> notices;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param notices takes a line for the user, with no path and no header value in it but the coding
   */
  UnreadRequests(Consumer<String> notices) {
    this.notices = notices;
  }

  /** Whether something stands there that is no JSON; nothing at all asks for nothing. */
  static boolean isNoJson(byte[] body) {
    return body.length > 0 && !JsonDocument.read(body, ANY, body);
  }

  /**
   * @param outcome what becomes of it
   */
  void tell(WireRequest request, String outcome) {
    String line =
        "a model call to "
            + request.host()
            + ':'
            + request.port()
            + ": "
            + RequestEncoding.why(request)
            + "; "
            + outcome;
    if (told.size() < MOST_TOLD && told.add(line)) {
      notices.accept(line + " (told once)");
    }
  }
}
