package io.flyball.protocol.gemini;

/**
 * The methods of Google's API that generate, embed or count. A path ends with the resource, a colon
 * and the method: {@code /v1beta/models/gemini-2.5-flash:generateContent}.
 */
enum GeminiMethod {
  GENERATE("generateContent"),
  STREAM_GENERATE("streamGenerateContent"),
  EMBED("embedContent"),
  BATCH_EMBED("batchEmbedContents"),
  COUNT_TOKENS("countTokens");

  private static final GeminiMethod[] ALL = values();

  /**
   * What the method is called on: models of Google's or of others, tuned models, and endpoints of
   * Vertex AI, whose names are numbers.
   */
  private static final String[] COLLECTIONS = {"/models", "/tunedModels", "/endpoints"};

  private final String name;

  GeminiMethod(String name) {
    this.name = name;
  }

  /**
   * The method a path ends with; null when there is none. Allocates nothing.
   *
   * @param anyCollection whether the resource may be of any collection, or of none
   */
  static GeminiMethod at(String path, int length, boolean anyCollection) {
    int colon = path.lastIndexOf(':', length - 1);
    if (colon < 1) {
      return null;
    }
    for (GeminiMethod method : ALL) {
      if (method.name.length() == length - colon - 1 && path.startsWith(method.name, colon + 1)) {
        return isResource(path, colon, anyCollection) ? method : null;
      }
    }
    return null;
  }

  private static boolean isResource(String path, int end, boolean anyCollection) {
    int slash = path.lastIndexOf('/', end - 1);
    if (slash < 0 || slash + 1 == end) {
      return false;
    }
    for (String collection : COLLECTIONS) {
      if (path.startsWith(collection, slash - collection.length())) {
        return true;
      }
    }
    return anyCollection;
  }

  boolean embeds() {
    return this == EMBED || this == BATCH_EMBED;
  }
}
