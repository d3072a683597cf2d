package io.flyball.engine.price;

import java.util.Locale;
import java.util.regex.Pattern;

/** When an entry of the catalogue is the one for a model's name. Immutable. */
final class ModelRule {

  /** Kinds of rules; an earlier one wins over a later one. */
  enum Kind {
    EQUALS,
    SNAPSHOT,
    PREFIX,
    CONTAINS;

    String field() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What providers put behind a family's name to freeze it (OpenAI, Anthropic, Vertex, Bedrock,
   * Mistral, Cohere).
   */
  private static final Pattern SNAPSHOT =
      Pattern.compile(
          "(?:-\\d{4}-\\d{2}-\\d{2}|-\\d{2}-\\d{4}|[-@]\\d{8}|-\\d{2}-\\d{2}|-\\d{3,4}|-latest|-preview"
              + "|-v\\d+(?=@)|-v\\d+:\\d+|@(?:default|latest|\\d{3})){1,3}");

  /** Behind the name of a version ({@code claude-3-5-haiku}) it stays that version. */
  private static final String LATEST = "latest";

  private static final Pattern VERSION = Pattern.compile("(?:^|[-.])v?\\d+(?:\\.\\d+)*(?:[-@.]|$)");

  private final Kind kind;
  private final String text;

  ModelRule(Kind kind, String text) {
    this.kind = kind;
    this.text = text.toLowerCase(Locale.ROOT);
  }

  /**
   * How well a name matches: 0 not at all, and the larger the better.
   *
   * @param name lower case
   */
  long score(String name) {
    switch (kind) {
      case EQUALS:
        return name.equals(text) ? rank(3) : 0;
      case SNAPSHOT:
        if (name.equals(text)) {
          return rank(3);
        }
        return name.startsWith(text) && isSnapshot(name.substring(text.length())) ? rank(2) : 0;
      case PREFIX:
        return name.startsWith(text) ? rank(1) : 0;
      case CONTAINS:
        return name.contains(text) ? rank(0) : 0;
    }
    throw new AssertionError(kind);
  }

  /**
   * The latest of a whole family is another model from one day to the next, and has other prices.
   */
  private boolean isSnapshot(String suffix) {
    return SNAPSHOT.matcher(suffix).matches()
        && (!suffix.contains(LATEST) || VERSION.matcher(text).find());
  }

  private long rank(int precedence) {
    return ((long) precedence << 32) + text.length() + 1;
  }
}
