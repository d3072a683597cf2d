package io.flyball.engine.config;

import java.util.Locale;
import java.util.Objects;

/** One place a part of a call's attribution is looked for. Immutable. */
public final class AttributionSource {

  /** The places there are. */
  public enum Kind {
    /** A header of the request to the provider; the argument is its name. */
    HEADER,
    /** The application's logging context on the calling thread; the argument is the key. */
    MDC,
    /** The application's code that made the call; without argument. */
    CALL_SITE,
    /** A fixed value: the argument. */
    CONST;

    private String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean takesArgument() {
      return this != CALL_SITE;
    }
  }

  static final ValueType<AttributionSource> TYPE =
      new ValueType<AttributionSource>() {
        @Override
        AttributionSource parse(String text) throws InvalidValueException {
          int colon = text.indexOf(':');
          String word = colon < 0 ? text : text.substring(0, colon);
          String argument = colon < 0 ? null : text.substring(colon + 1).trim();
          for (Kind kind : Kind.values()) {
            boolean complete =
                kind.takesArgument() ? argument != null && !argument.isEmpty() : argument == null;
            if (kind.word().equals(word) && complete) {
              return new AttributionSource(kind, argument);
            }
          }
          throw InvalidValueException.mustBe(
              "a list of header:<name>, mdc:<key>, call-site and const:<value>");
        }
      };

  private final Kind kind;
  private final String argument;

  /**
   * @param argument null for {@link Kind#CALL_SITE}
   */
  public AttributionSource(Kind kind, String argument) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.argument = argument;
  }

  public Kind kind() {
    return kind;
  }

  /** Null for {@link Kind#CALL_SITE}, never empty otherwise. */
  public String argument() {
    return argument;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof AttributionSource)) {
      return false;
    }
    AttributionSource that = (AttributionSource) other;
    return kind == that.kind && Objects.equals(argument, that.argument);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, argument);
  }

  /** As it is written in the configuration. */
  @Override
  public String toString() {
    return argument == null ? kind.word() : kind.word() + ':' + argument;
  }
}
