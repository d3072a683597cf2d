package io.flyball.engine;

import io.flyball.engine.wire.RequestEncoding;
import io.flyball.engine.wire.WireRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Says which model calls cannot be read, once for each reason and host. Thread safe. */
final class UnreadRequests {
  static final String REFUSED = "it is refused, because what no call may exceed is configured";
  static final String RECORDED =
      "it goes its way, recorded with what its answer says, and no policy applies";
  static final String UNSEEN = "it goes its way, neither governed nor recorded";

  private static final int MOST_TOLD = 100;

  private final Consumer<String> notices;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param notices takes a line for the user, with no path and no header value in it but the coding
   */
  UnreadRequests(Consumer<String> notices) {
    this.notices = notices;
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
