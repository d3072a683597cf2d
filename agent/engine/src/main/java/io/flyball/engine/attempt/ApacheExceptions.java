package io.flyball.engine.attempt;

/**
 * What exceptions of Apache HttpClient 4 and 5 say. They are of the application's loader: known by
 * name.
 */
final class ApacheExceptions {
  private static final String[] PACKAGES = {"org.apache.http.", "org.apache.hc.core5.http."};

  /** What was sent breaks the rules of HTTP, or is more than the client takes. */
  private static final String[] NO_HTTP = {
    "ProtocolException",
    "ParseException",
    "MessageConstraintException",
    "MalformedChunkCodingException"
  };

  /** Among them, where the answer has just broken off. */
  private static final String CUT_CHUNK = "TruncatedChunkException";

  private static final String CUT_AFTER_CHUNK = "CRLF expected at end of chunk";

  /**
   * The words of 4's deprecated client, in a plain IOException, where a head is longer than it
   * takes.
   */
  private static final String LONG_LINE = "Maximum line length limit exceeded";

  /** Nobody has given a connection back for as long as the application wanted to wait for one. */
  private static final String NO_CONNECTION =
      "org.apache.hc.core5.http.ConnectionRequestTimeoutException";

  private ApacheExceptions() {}

  /** Whether an answer came that comes the same again. */
  static boolean isNoHttp(Throwable thrown) {
    if (LONG_LINE.equals(thrown.getMessage())) {
      return true;
    }
    for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
      String name = nameAmongApaches(type.getName());
      if (CUT_CHUNK.equals(name)) {
        return false;
      }
      for (String each : NO_HTTP) {
        if (each.equals(name)) {
          return !CUT_AFTER_CHUNK.equals(thrown.getMessage());
        }
      }
    }
    return false;
  }

  /** Null where it is of another package. */
  private static String nameAmongApaches(String type) {
    for (String each : PACKAGES) {
      if (type.startsWith(each)) {
        return type.substring(each.length());
      }
    }
    return null;
  }

  /** Whether the application's pool had no connection: it is not waited for once more. */
  static boolean isPoolExhausted(Throwable thrown) {
    return thrown.getClass().getName().equals(NO_CONNECTION);
  }
}
