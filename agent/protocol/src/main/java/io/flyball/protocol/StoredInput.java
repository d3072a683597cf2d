package io.flyball.protocol;

import java.util.Objects;

/**
 * Something the model reads that the provider keeps and a request only names; it is billed as if it
 * were in the request. Immutable.
 */
public final class StoredInput {

  /** What it is. */
  public enum Kind {
    /** An earlier answer with all that led to it ({@code previous_response_id} of OpenAI). */
    RESPONSE,

    /** An item of an earlier answer ({@code item_reference} of OpenAI). */
    ITEM,

    /** A conversation that grows, also where nobody sees it ({@code conversation} of OpenAI). */
    CONVERSATION,

    /** A version of a prompt that the provider fills in ({@code prompt} of OpenAI's responses). */
    PROMPT,

    /** Content that was stored once ({@code cachedContent} of Gemini). */
    CACHE
  }

  private final Kind kind;
  private final String id;

  /**
   * @param id the provider's name for it; null where the request does not say it in a form we know
   */
  public StoredInput(Kind kind, String id) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.id = id;
  }

  public Kind kind() {
    return kind;
  }

  /** The provider's name for it; null where it is not known. */
  public String id() {
    return id;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredInput
        && ((StoredInput) other).kind == kind
        && Objects.equals(((StoredInput) other).id, id);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Objects.hashCode(id);
  }

  @Override
  public String toString() {
    return kind + " " + id;
  }
}
