package io.flyball.protocol.provider;

/**
 * What model servers and gateways offer beside answers of models, by the shape of its path: lists,
 * files, tokenizers. It costs nothing by the token, and goes on untouched also at an endpoint that
 * the user declared. A table, nothing else.
 */
public final class OtherApis {
  private static final String[] ENDS = {
    "/models",
    "/files",
    "/uploads",
    "/batches",
    "/fine_tuning/jobs",
    "/moderations",
    "/audio/speech",
    "/audio/transcriptions",
    "/audio/translations",
    "/tokenize",
    "/detokenize",
    "/apply-template",
    "/count_tokens",
    "/input_tokens",
    "/token_counter",
    "/threads",
    "/assistants",
    "/vector_stores",
    "/health",
    "/healthz",
    "/feedback"
  };

  /** Search in what was stored. */
  private static final String STORES = "/vector_stores/";

  private OtherApis() {}

  /**
   * Whether a path is one of them. Allocates nothing.
   *
   * @param from where the path of the server's base URL ends; what stands before says nothing
   * @param length where the path ends, and a query may begin
   */
  public static boolean isAt(String path, int from, int length) {
    for (String end : ENDS) {
      int start = length - end.length();
      if (start >= from && path.startsWith(end, start)) {
        return true;
      }
    }
    int stores = path.indexOf(STORES, from);
    return stores >= 0 && stores < length;
  }
}
