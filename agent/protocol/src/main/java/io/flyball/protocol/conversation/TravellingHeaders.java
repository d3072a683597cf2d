package io.flyball.protocol.conversation;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers of a request may go to another host than the one they were meant for. */
public final class TravellingHeaders {
  private static final Set<String> TRACE = set("traceparent", "tracestate");
  private static final Set<String> FORMAT =
      set("content-type", "accept", "anthropic-version", "anthropic-beta");

  private TravellingHeaders() {}

  private static Set<String> set(String... names) {
    return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(names)));
  }

  /**
   * Whether that header says nothing of the application's account.
   *
   * @param sameProtocol whether the other host is asked in the same format
   */
  public static boolean mayTravel(String name, boolean sameProtocol) {
    String lower = name.toLowerCase(Locale.ROOT);
    return TRACE.contains(lower) || (sameProtocol && FORMAT.contains(lower));
  }

  /**
   * The header in which a target takes its credential.
   *
   * @param protocol one of {@link TargetModel#PROTOCOLS}
   */
  public static Map.Entry<String, String> credential(String protocol, String apiKey) {
    switch (protocol) {
      case TargetModel.AZURE:
        return RequestTranslation.header("api-key", apiKey);
      case TargetModel.ANTHROPIC:
        return RequestTranslation.header("x-api-key", apiKey);
      case TargetModel.GEMINI:
        return RequestTranslation.header("x-goog-api-key", apiKey);
      default:
        return RequestTranslation.header("authorization", "Bearer " + apiKey);
    }
  }
}
