package io.flyball.engine.fallback;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Who answers when the application's own endpoint cannot. Immutable. */
public final class FallbackSettings {
  /** Nobody does. */
  public static final FallbackSettings NONE =
      new FallbackSettings(
          Collections.<Link>emptyList(), EnumSet.noneOf(FallbackReason.class), null);

  /** One link of the chain. Immutable. */
  public static final class Link {
    static final Link LAST_ANSWER = new Link(null, null);

    final Target target;
    final String text;

    private Link(Target target, String text) {
      this.target = target;
      this.text = text;
    }

    /** Asks that target. */
    public static Link to(Target target) {
      return new Link(Objects.requireNonNull(target, "target"), null);
    }

    /** Answers with the last good answer to the very same request. */
    public static Link lastAnswer() {
      return LAST_ANSWER;
    }

    /** Answers with a text of the user's. */
    public static Link text(String text) {
      return new Link(null, Objects.requireNonNull(text, "text"));
    }
  }

  private final List<Link> chain;
  private final Set<FallbackReason> on;
  private final HedgeSettings hedge;

  /**
   * @param chain in the order in which they are tried
   * @param on what has to happen for that
   * @param hedge when the first target is asked before there was a failure; null: never
   */
  public FallbackSettings(List<Link> chain, Set<FallbackReason> on, HedgeSettings hedge) {
    this.chain = Collections.unmodifiableList(new ArrayList<>(chain));
    this.on = on.isEmpty() ? EnumSet.noneOf(FallbackReason.class) : EnumSet.copyOf(on);
    this.hedge = hedge;
  }

  List<Link> chain() {
    return chain;
  }

  boolean isOn(FallbackReason reason) {
    return on.contains(reason);
  }

  HedgeSettings hedge() {
    return hedge;
  }

  public boolean isEmpty() {
    return chain.isEmpty();
  }

  /** Whether good answers have to be remembered. */
  public boolean needsLastAnswers() {
    return chain.contains(Link.LAST_ANSWER);
  }
}
