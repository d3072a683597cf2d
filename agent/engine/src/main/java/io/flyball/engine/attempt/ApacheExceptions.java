package io.flyball.engine.attempt;

/** What exceptions of Apache's client say. They are of the application's loader: known by name. */
final class ApacheExceptions {
  /** What was sent breaks the rules of HTTP, or is more than the client takes. */
  private static final String[] NO_HTTP = {
    "org.apache.http.ProtocolException",
    "org.apache.http.ParseException",
    "org.apache.http.MessageConstraintException",
    "org.apache.http.MalformedChunkCodingException"
  };

  /** Among them, where the answer has just broken off. */
  private static final String CUT_CHUNK = "org.apache.http.TruncatedChunkException";

  private static final String CUT_AFTER_CHUNK = "CRLF expected at end of chunk";

  /**
   * The deprecated client's words, in a plain IOException, where a head is longer than it takes.
   */
  private static final String LONG_LINE = "Maximum line length limit exceeded";

  private ApacheExceptions() {}

  /** Whether an answer came that comes the same again. */
  static boolean isNoHttp(Throwable thrown) {
    if (LONG_LINE.equals(thrown.getMessage())) {
      return true;
    }
    for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals(CUT_CHUNK)) {
        return false;
      }
      for (String name : NO_HTTP) {
        if (type.getName().equals(name)) {
          return !CUT_AFTER_CHUNK.equals(thrown.getMessage());
        }
      }
    }
    return false;
  }
}
