package io.flyball.engine.pipeline;

import io.flyball.engine.call.TimeSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Who takes the field that asks for usage, as far as answers have shown. An endpoint is an address;
 * a kind is a model at one, asked with one credential. Bounded: what is forgotten is learnt again.
 * Thread safe.
 */
final class UsageTakers {
  static final long FOR_EVER = Long.MAX_VALUE;

  /** A server's failure may have passed by itself: then it is asked for usage again later. */
  static final long GUESS_NANOS = TimeUnit.HOURS.toNanos(1);

  /** It most likely was something else, and is over soon. */
  static final long DOUBT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Whoever was asked and did not end that call well is not asked again for so long. */
  static final long PROBATION_NANOS = TimeUnit.DAYS.toNanos(1);

  private static final int MOST_REMEMBERED = 1024;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final TimeSource time;

  /** Endpoints that do not take the field, and until when that is believed. */
  private final Map<String, Long> refusers = new ConcurrentHashMap<>();

  /** Kinds that it is of no use to ask now, and until when they are not. */
  private final Map<String, Long> doubtful = new ConcurrentHashMap<>();

  /** Endpoints where asking costs the application something, and until when that is believed. */
  private final Map<String, Long> dear = new ConcurrentHashMap<>();

  /**
   * Kinds that refused the application's own request as well, so that nothing has been learnt: not
   * asked until they have answered one. True when they have.
   */
  private final Map<String, Boolean> unclear = new ConcurrentHashMap<>();

  /**
   * Who was asked and has not shown since that it takes the field, and until when that is believed
   * to be a no: an endpoint, where it has taken the field from nobody, else a kind.
   */
  private final Map<String, Long> onProbation = new ConcurrentHashMap<>();

  /**
   * Kinds that have ended a stream well with the field, and their endpoints; what fails there is
   * another matter.
   */
  private final Set<String> takers = ConcurrentHashMap.newKeySet();

  /** What takers refused with the field and without it alike: refusals that are not about it. */
  private final Set<String> innocent = ConcurrentHashMap.newKeySet();

  UsageTakers(TimeSource time) {
    this.time = time;
  }

  /**
   * @param counted whether somebody wants to know what each call did cost
   */
  boolean mayBeAsked(String endpoint, String kind, boolean counted) {
    return !isIn(refusers, endpoint)
        && !isIn(doubtful, kind)
        && (counted || !isIn(dear, endpoint))
        && (isTaker(kind) || !isIn(onProbation, unproven(endpoint, kind)));
  }

  /** What a failure of that kind may say something of. */
  private String unproven(String endpoint, String kind) {
    return takers.contains(endpoint) ? kind : endpoint;
  }

  /**
   * It is asked, or has been, and nothing shows yet that it takes the field. That is a no until it
   * is {@link #takes taken} or {@link #release released} all the same: who says nothing, or waits
   * for what nobody sends, cannot be told from others before that, and whoever stops waiting may
   * never say so. Whoever does not end well a second time, a day later, is believed.
   *
   * @return false when somebody else has asked and does not know yet, or it is a taker
   */
  synchronized boolean putOnProbation(String endpoint, String kind) {
    String who = unproven(endpoint, kind);
    if (isTaker(kind) || isIn(onProbation, who)) {
      return false;
    }
    remember(onProbation, who, isOver(onProbation, who) ? FOR_EVER : PROBATION_NANOS);
    return true;
  }

  /** Nothing was lost by asking, or by nothing that asking could be blamed for. */
  void release(String endpoint, String kind) {
    onProbation.remove(unproven(endpoint, kind));
  }

  /** Whether the application's own requests of that kind show whether it may be asked again. */
  boolean waitsForAnswer(String kind) {
    return Boolean.FALSE.equals(unclear.get(kind));
  }

  /**
   * It refused the request that asks. Who does so again without having taken the field in between
   * is believed for longer.
   *
   * @return what {@link #refusesNothing} takes back
   */
  Long refuses(String endpoint, long believedNanos) {
    if (believedNanos <= 0) {
      return null;
    }
    long longer = believedNanos < GUESS_NANOS ? GUESS_NANOS : FOR_EVER;
    return remember(refusers, endpoint, isOver(refusers, endpoint) ? longer : believedNanos);
  }

  /**
   * It refuses the application's own request as well.
   *
   * @param believed by {@link #refuses}; null: nothing was
   */
  void refusesNothing(String endpoint, Long believed) {
    if (believed != null) {
      refusers.remove(endpoint, believed);
    }
  }

  /** It may be that it does not take the field. */
  void mayRefuse(String endpoint) {
    remember(refusers, endpoint, GUESS_NANOS);
  }

  /**
   * The application's own request failed as well, or was not sent any more. Where its own requests
   * go well as soon as they are the first to be sent, that was for the field all the same.
   */
  void isUnclear(String kind) {
    if (Boolean.TRUE.equals(unclear.get(kind))) {
      remember(doubtful, kind, isOver(doubtful, kind) ? FOR_EVER : GUESS_NANOS);
    }
    put(unclear, kind, Boolean.FALSE);
  }

  /** It has answered a request of the application's own. */
  void answersOwn(String kind) {
    unclear.replace(kind, Boolean.FALSE, Boolean.TRUE);
  }

  /** It is of no use to ask it for so long. */
  void isInVain(String kind, long nanos) {
    remember(doubtful, kind, nanos);
  }

  /** It takes the field, but at the application's cost: its streams end later, or lose a length. */
  void isDear(String endpoint, long nanos) {
    remember(dear, endpoint, isOver(dear, endpoint) ? FOR_EVER : nanos);
  }

  /** It has ended a stream well that was asked for with the field. */
  void takes(String endpoint, String kind) {
    onProbation.remove(endpoint);
    onProbation.remove(kind);
    add(takers, kind);
    add(takers, endpoint);
    unclear.remove(kind);
    Long until = refusers.get(endpoint);
    if (until != null && until != FOR_EVER) {
      refusers.remove(endpoint, until);
    }
  }

  boolean isTaker(String kind) {
    return takers.contains(kind);
  }

  /** That refusal is not about the field. */
  void isInnocent(String refusal) {
    add(innocent, refusal);
  }

  boolean isKnownToBeInnocent(String refusal) {
    return innocent.contains(refusal);
  }

  private boolean isIn(Map<String, Long> remembered, String key) {
    Long until = remembered.get(key);
    return until != null && (until == FOR_EVER || until > nowMillis());
  }

  /** Whether it was believed once, so that it is not for the first time now. */
  private boolean isOver(Map<String, Long> remembered, String key) {
    return remembered.containsKey(key) && !isIn(remembered, key);
  }

  /** Of calls at one time, which learn the same, the most certain counts. */
  private Long remember(Map<String, Long> remembered, String key, long nanos) {
    Long known = remembered.get(key);
    long until = nanos == FOR_EVER ? FOR_EVER : nowMillis() + nanos / NANOS_PER_MILLI;
    Long longer = known == null ? until : Math.max(known, until);
    put(remembered, key, longer);
    return longer;
  }

  private static <V> void put(Map<String, V> remembered, String key, V value) {
    if (remembered.size() >= MOST_REMEMBERED && !remembered.containsKey(key)) {
      remembered.clear();
    }
    remembered.put(key, value);
  }

  private static void add(Set<String> set, String element) {
    if (set.contains(element)) {
      return;
    }
    if (set.size() >= MOST_REMEMBERED) {
      set.clear();
    }
    set.add(element);
  }

  private long nowMillis() {
    return time.epochNanos() / NANOS_PER_MILLI;
  }
}
