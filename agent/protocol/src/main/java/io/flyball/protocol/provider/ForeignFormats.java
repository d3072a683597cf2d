package io.flyball.protocol.provider;

/**
 * APIs of models whose requests Flyball cannot read, by the shape of their paths: only so that it
 * can say what it does not govern. A table, nothing else.
 */
public final class ForeignFormats {
  private static final Row[] ROWS = {
    new Row("Ollama", "", "/api/chat"),
    new Row("Ollama", "", "/api/generate"),
    new Row("Ollama", "", "/api/embed"),
    new Row("Ollama", "", "/api/embeddings"),
    new Row("Cohere", "", "/v2/chat"),
    new Row("Cohere", "", "/v1/chat", false),
    new Row("Cohere", "", "/v2/embed"),
    new Row("Cohere", "", "/v1/embed"),
    new Row("rerank", "", "/rerank"),
    new Row("Bedrock", "/model/", "/converse"),
    new Row("Bedrock", "/model/", "/converse-stream"),
    new Row("Bedrock", "/model/", "/invoke"),
    new Row("Bedrock", "/model/", "/invoke-with-response-stream"),
    new Row("SageMaker", "/endpoints/", "/invocations"),
    new Row("SageMaker", "/endpoints/", "/invocations-response-stream"),
    new Row("DashScope", "/api/v1/services/aigc/", ""),
    new Row("Gemini interactions", "/v1", "/interactions"),
    new Row("Vertex AI", "/publishers/", ":predict"),
    new Row("Vertex AI", "/publishers/", ":rawPredict"),
    new Row("Vertex AI", "/publishers/", ":streamRawPredict"),
    new Row("text-generation-inference", "", "/generate_stream"),
    new Row("OpenAI images", "", "/images/generations"),
    new Row("OpenAI images", "/v1", "/images/edits"),
    new Row("OpenAI images", "/v1", "/images/variations"),
    new Row("OpenAI audio", "/v1", "/audio/speech"),
    new Row("OpenAI audio", "/v1", "/audio/transcriptions"),
    new Row("OpenAI audio", "/v1", "/audio/translations"),
    new Row("OpenAI videos", "", "/v1/videos"),
    new Row("OpenAI responses compact", "/v1", "/responses/compact"),
    new Row("OpenAI assistants", "/v1", "/threads/runs"),
    new Row("OpenAI assistants", "/v1/threads/", "/runs"),
    new Row("Anthropic completions", "", "/v1/complete"),
    new Row("Gemini answers", "/v1", ":generateAnswer"),
    new Row("Anthropic batches", "/v1", "/messages/batches"),
    new Row("Gemini batches", "/v1", ":batchGenerateContent"),
    new Row("Gemini batches", "/v1", ":asyncBatchEmbedContent"),
    new Row("Vertex AI", "/publishers/", ":predictLongRunning"),
    new Row("Databricks", "/serving-endpoints/", "/invocations"),
    new Row("Anthropic", "/anthropic", "/messages")
  };

  private ForeignFormats() {}

  /** How many formats there are; {@link #at} gives a number below it. */
  public static int count() {
    return ROWS.length;
  }

  /**
   * The format whose shape a path has. Allocates nothing.
   *
   * @param path may carry a query
   * @return -1 for none
   */
  public static int at(String path) {
    int query = path.indexOf('?');
    int length = query < 0 ? path.length() : query;
    for (int i = 0; i < ROWS.length; i++) {
      if (ROWS[i].matches(path, length)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether its requests cannot be told by their bodies from those of a format that is spoken;
   * their answers are others.
   */
  public static boolean looksSpoken(int format) {
    return ROWS[format].looksSpoken;
  }

  /** Whose format that is. */
  public static String name(int format) {
    return ROWS[format].name;
  }

  /**
   * What of a path is known to be no secret: the part that its format has; keys and names of
   * gateways may stand before it.
   */
  public static String shape(int format, String path) {
    Row row = ROWS[format];
    String known = row.part.isEmpty() ? row.end : row.part + "..." + row.end;
    return path.equals(row.end) || path.startsWith(row.part) && !row.part.isEmpty()
        ? known
        : "/..." + known;
  }

  /** One shape: a part somewhere before, and an end. */
  private static final class Row {
    final String name;
    final String part;
    final String end;
    final boolean looksSpoken;

    Row(String name, String part, String end) {
      this(name, part, end, true);
    }

    Row(String name, String part, String end, boolean looksSpoken) {
      this.looksSpoken = looksSpoken;
      this.name = name;
      this.part = part;
      this.end = end;
    }

    boolean matches(String path, int length) {
      int before = length - end.length();
      if (before < part.length() || !path.startsWith(end, before)) {
        return false;
      }
      int at = part.isEmpty() ? 0 : path.indexOf(part);
      return at >= 0 && at + part.length() <= length;
    }
  }
}
