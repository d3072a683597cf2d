package io.flyball.engine.call;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the stages note of one call's course, for its record. Thread safe; the first word counts.
 */
public final class CallJournal {
  private String fallbackFrom;
  private String fallbackTo;
  private String fallbackReason;
  private String answeredBy;
  private String notCarried;
  private String refusal;
  private String hedgedTo;
  private int eventsTakenOut;
  private int joins;
  private long limitWaitNanos;
  private BudgetDecision budgetDecision;
  private boolean askedOnce;
  private boolean retriesLeft;
  private int repetitions;
  private boolean repetitionsUsedUp;
  private long shortenedTo = -1;
  private String trimmed;
  private int trimmedBytes;
  private boolean heldBack;
  private final List<String> brokeOff = new ArrayList<>(1);
  private final Set<String> usageNotAskedOf = new HashSet<>(2);
  private boolean bypassed;

  /** Most calls have none. */
  private Map<Note<?>, Object> notes = Collections.emptyMap();

  private boolean ended;
  private List<Runnable> atEnd = new ArrayList<>(2);
  private final List<Settlement> settlements = new ArrayList<>(1);
  private final List<Settlement> ofAttempts = new ArrayList<>(1);

  /**
   * Another target than the application's own answered.
   *
   * @param from the target that could not
   * @param to the one that did
   * @param reason the failure's word, for example {@code rate-limit}
   */
  public synchronized void fellBack(String from, String to, String reason) {
    fallbackFrom = from;
    fallbackTo = to;
    fallbackReason = reason;
  }

  /** That destination's answer is the one handed on. */
  public synchronized void answeredBy(String destination) {
    answeredBy = destination;
  }

  /** Who answers as far as is known now, and instead of whom. */
  public synchronized Answerer answerer() {
    return new Answerer(fallbackFrom, fallbackTo, fallbackReason, answeredBy);
  }

  /** Whoever was asked since then has not helped. */
  public synchronized void answererIs(Answerer before) {
    fallbackFrom = before.fallbackFrom;
    fallbackTo = before.fallbackTo;
    fallbackReason = before.fallbackReason;
    answeredBy = before.answeredBy;
  }

  /** Whose answer is handed on; null before there is one. */
  public synchronized String answeredBy() {
    return answeredBy;
  }

  /** The target that could not answer; null when no other one did. */
  public synchronized String fallbackFrom() {
    return fallbackFrom;
  }

  /** The target that answered instead; null when none did. */
  public synchronized String fallbackTo() {
    return fallbackTo;
  }

  /** Why another one was asked; null when none answered. */
  public synchronized String fallbackReason() {
    return fallbackReason;
  }

  /**
   * A target could not be asked because its format cannot say what the request says.
   *
   * @param reason names the feature, never content
   */
  public synchronized void notCarried(String target, String reason) {
    notCarried = target + ": " + reason;
  }

  /** Which target could not be asked, and why; null when none was passed over for that. */
  public synchronized String notCarried() {
    return notCarried;
  }

  /** Flyball itself answers no, with that word ({@code flyball_rate_limited}). */
  public synchronized void refused(String word) {
    refusal = word;
  }

  /** The word of the refusal the application got; null when it got none. */
  public synchronized String refusal() {
    return refusal;
  }

  /** Malformed events were taken out of the answer. */
  public synchronized void tookOutEvents(int count) {
    eventsTakenOut += count;
  }

  public synchronized int eventsTakenOut() {
    return eventsTakenOut;
  }

  /** A stream that broke off was joined with another one. */
  public synchronized void joined() {
    joins++;
  }

  public synchronized int joins() {
    return joins;
  }

  /**
   * An answer of that destination broke off in the application's hands, and another is asked for.
   */
  public synchronized void brokeOff(String destination) {
    brokeOff.add(destination);
  }

  /** How often an answer of that destination broke off so. */
  public synchronized int breaksOf(String destination) {
    return Collections.frequency(brokeOff, destination);
  }

  /** That endpoint gets the application's own request for the rest of the call. */
  public synchronized void doNotAskForUsage(String endpoint) {
    usageNotAskedOf.add(endpoint);
  }

  /** Whether that endpoint may be asked to report usage in this call. */
  public synchronized boolean mayAskForUsage(String endpoint) {
    return !usageNotAskedOf.contains(endpoint);
  }

  /** That target was asked while the first one had neither answered nor failed. */
  public synchronized void hedged(String target) {
    hedgedTo = target;
  }

  /** The target that was asked beside the first one; null when none was. */
  public synchronized String hedgedTo() {
    return hedgedTo;
  }

  /** The call waited that long for its turn. */
  public synchronized void waitedForLimit(long nanos) {
    limitWaitNanos += nanos;
  }

  public synchronized long limitWaitNanos() {
    return limitWaitNanos;
  }

  /** What the budgets of an attempt made of it; of several, the one that did most is kept. */
  public synchronized void budgeted(BudgetDecision decision) {
    if (budgetDecision == null || decision.compareTo(budgetDecision) > 0) {
      budgetDecision = decision;
    }
  }

  /** Null when no budget was asked. */
  public synchronized BudgetDecision budgetDecision() {
    return budgetDecision;
  }

  /** Whoever is asked is asked once, as without Flyball. */
  public synchronized void askedOnce() {
    askedOnce = true;
    retriesLeft = true;
  }

  /** Whether nobody is asked again. */
  public synchronized boolean isAskedOnce() {
    return askedOnce;
  }

  /**
   * Flyball asks no more although the failure may pass: by its own rule, not because it was asked
   * often enough. Then the retries of the application's SDK are in place of its own.
   */
  public synchronized void retriesLeft() {
    retriesLeft = true;
  }

  /** Whether the application's SDK may ask again as it would by itself. */
  public synchronized boolean areRetriesLeft() {
    return retriesLeft;
  }

  /**
   * The application's own endpoint was asked again in place of its SDK.
   *
   * @param times so often until now
   * @param usedUp whether the SDK itself would ask no more after that
   */
  public synchronized void repeated(int times, boolean usedUp) {
    repetitions = times;
    repetitionsUsedUp = usedUp;
  }

  /** How often the application's own endpoint was asked again; what failed is counted. */
  public synchronized int repetitions() {
    return repetitions;
  }

  /** Whether the application's SDK would have asked no more often by itself. */
  public synchronized boolean areRepetitionsUsedUp() {
    return repetitionsUsedUp;
  }

  /** The answer was limited to so many tokens, because a budget or a limit allows no more. */
  public synchronized void shortenedTo(long tokens) {
    shortenedTo = tokens;
  }

  /** What the answer was limited to by a policy, in tokens; -1 when it was not. */
  public synchronized long shortenedTo() {
    return shortenedTo;
  }

  /**
   * Something was left out of the prompt, because it was too long.
   *
   * @param how {@code oldest-turns} or {@code middle}
   * @param bytes by how much the request is shorter
   */
  public synchronized void trimmed(String how, int bytes) {
    trimmed = how;
    trimmedBytes = bytes;
  }

  /** What was left out of the prompt, {@code oldest-turns} or {@code middle}; null: nothing. */
  public synchronized String trimmed() {
    return trimmed;
  }

  /** By how many bytes the request became shorter. */
  public synchronized int trimmedBytes() {
    return trimmedBytes;
  }

  /** The call was refused because of an anomaly. */
  public synchronized void heldBack() {
    heldBack = true;
  }

  /** Whether the call was refused because of an anomaly. */
  public synchronized boolean isHeldBack() {
    return heldBack;
  }

  /** No policy touched the call, because the application asked for that. */
  public synchronized void bypassed() {
    bypassed = true;
  }

  /** Whether the application asked that no policy touch the call. */
  public synchronized boolean isBypassed() {
    return bypassed;
  }

  /** Notes something that reports are to tell. */
  // Only values of the note's own type come in.
  @SuppressWarnings("unchecked")
  public synchronized <T> void note(Note<T> note, T value) {
    if (notes.isEmpty()) {
      notes = new LinkedHashMap<>(4);
    }
    T before = (T) notes.get(note);
    notes.put(note, before == null ? value : note.merged(before, value));
  }

  /** Null when nothing was noted. */
  // Only values of the note's own type come in.
  @SuppressWarnings("unchecked")
  public synchronized <T> T noted(Note<T> note) {
    return (T) notes.get(note);
  }

  /** All that was noted, in the order in which it first was. */
  public synchronized Map<Note<?>, Object> notes() {
    return notes.isEmpty() ? notes : new LinkedHashMap<>(notes);
  }

  /** Runs the action when the call has ended, however it did; at once when it has already. */
  public void whenEnded(Runnable action) {
    synchronized (this) {
      if (!ended) {
        atEnd.add(action);
        return;
      }
    }
    action.run();
  }

  /** The call has ended. */
  public void end() {
    List<Runnable> actions;
    synchronized (this) {
      ended = true;
      actions = atEnd;
      atEnd = Collections.emptyList();
      ofAttempts.clear();
    }
    RuntimeException first = null;
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException failure) {
        first = first == null ? failure : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** The whole call has something set aside, too. */
  public synchronized void settledBy(Settlement settlement) {
    settlements.add(settlement);
  }

  /** What was set aside for the whole call. */
  public synchronized List<Settlement> settlements() {
    return new ArrayList<>(settlements);
  }

  /** An attempt of the call has that set aside. */
  public synchronized void setAside(Settlement ofAttempt) {
    ofAttempts.add(ofAttempt);
  }

  /** What attempts of the call have set aside so far, settled or not. */
  public synchronized List<Settlement> ofAttempts() {
    return new ArrayList<>(ofAttempts);
  }

  /** Who answers, and instead of whom. */
  public static final class Answerer {
    private final String fallbackFrom;
    private final String fallbackTo;
    private final String fallbackReason;
    private final String answeredBy;

    Answerer(String fallbackFrom, String fallbackTo, String fallbackReason, String answeredBy) {
      this.fallbackFrom = fallbackFrom;
      this.fallbackTo = fallbackTo;
      this.fallbackReason = fallbackReason;
      this.answeredBy = answeredBy;
    }
  }
}
