package io.flyball.engine.fallback;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Who answers when the application's own endpoint cannot. Immutable. */
public final class FallbackSettings {
  /** Nobody does. */
  public static final FallbackSettings NONE =
      new FallbackSettings(
          Collections.<Link>emptyList(),
          Collections.<Target>emptyList(),
          EnumSet.noneOf(FallbackReason.class),
          null);

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
  private final Map<String, Target> targets;
  private final Set<FallbackReason> on;
  private final HedgeSettings hedge;

  /**
   * @param chain in the order in which they are tried
   * @param targets all there are, also those that stand in no chain
   * @param on what has to happen for that
   * @param hedge when the first target is asked before there was a failure; null: never
   */
  public FallbackSettings(
      List<Link> chain, Collection<Target> targets, Set<FallbackReason> on, HedgeSettings hedge) {
    Map<String, Target> byName = new HashMap<>();
    for (Target target : targets) {
      byName.put(target.name(), target);
    }
    this.targets = Collections.unmodifiableMap(byName);
    this.chain = Collections.unmodifiableList(new ArrayList<>(chain));
    this.on = on.isEmpty() ? EnumSet.noneOf(FallbackReason.class) : EnumSet.copyOf(on);
    this.hedge = hedge;
  }

  List<Link> chain() {
    return chain;
  }

  /** Null when there is none of that name. */
  Target target(String name) {
    return targets.get(name);
  }

  boolean isOn(FallbackReason reason) {
    return on.contains(reason);
  }

  HedgeSettings hedge() {
    return hedge;
  }

  /** Whether somebody else is asked when a target answers with what is no answer. */
  public boolean answersErrors() {
    return !chain.isEmpty() && isOn(FallbackReason.ERROR);
  }

  /** Whether anybody else, or anything, answers for a target. */
  public boolean hasChain() {
    return !chain.isEmpty();
  }

  /** Whether nobody else is ever asked. */
  public boolean isEmpty() {
    return chain.isEmpty() && targets.isEmpty();
  }

  /** Whether the chain ends in good answers that have to be remembered. */
  public boolean needsLastAnswers() {
    return chain.contains(Link.LAST_ANSWER);
  }
}
