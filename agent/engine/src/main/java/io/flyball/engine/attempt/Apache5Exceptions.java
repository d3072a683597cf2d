package io.flyball.engine.attempt;

/**
 * What exceptions of Apache HttpClient 5 say. They are of the application's loader: known by name.
 */
final class Apache5Exceptions {
  private static final String CORE = "org.apache.hc.core5.http.";

  /** What was sent breaks the rules of HTTP, or is more than the client takes. */
  private static final String[] NO_HTTP = {
    CORE + "ProtocolException",
    CORE + "MessageConstraintException",
    CORE + "MalformedChunkCodingException"
  };

  /** Among them, where the answer has just broken off. */
  private static final String CUT_CHUNK = CORE + "TruncatedChunkException";

  private static final String CUT_AFTER_CHUNK = "CRLF expected at end of chunk";

  /** Nobody has given a connection back for as long as the application wanted to wait for one. */
  private static final String NO_CONNECTION = CORE + "ConnectionRequestTimeoutException";

  private Apache5Exceptions() {}

  /** Whether an answer came that comes the same again. */
  static boolean isNoHttp(Throwable thrown) {
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

  /** Whether the application's pool had no connection: it is not waited for once more. */
  static boolean isPoolExhausted(Throwable thrown) {
    return thrown.getClass().getName().equals(NO_CONNECTION);
  }
}
