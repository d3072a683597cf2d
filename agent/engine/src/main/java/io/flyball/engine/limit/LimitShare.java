package io.flyball.engine.limit;

import io.flyball.engine.share.LeaseAhead;
import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareExchange;
import io.flyball.engine.share.ShareRequest;

/**
 * This JVM's part of a quota that several share. Calls pass within what it was granted; more is
 * asked for before that is used up, and what is not used is returned. While others go without,
 * nothing that comes free is used again without asking: whoever waits longest for least comes
 * first.
 *
 * <p>State is guarded by the limiter's lock.
 */
final class LimitShare implements Share {
  private static final long MILLI = 1_000_000;

  /** Who waits asks again after that, and after twice that each time it is in vain. */
  private static final long FIRST_PATIENCE_NANOS = 25 * MILLI;

  private static final long MOST_PATIENCE_NANOS = 250 * MILLI;

  /** What nobody has used for that long is returned. */
  private static final long IDLE_NANOS = 3_000 * MILLI;

  /** How long after others went without nothing is leased ahead. */
  private static final long CONTENDED_NANOS = 3_000 * MILLI;

  /** What somebody waits for is not given to others for that long. */
  private static final long PROTECTED_NANOS = 500 * MILLI;

  /** Makes what this JVM has of a quota. */
  interface Maker {
    LimitShare shareOf(Quota quota);
  }

  /**
   * How long a part is kept for a JVM that is silent, and how often it must speak of it. What was
   * sent within the last minute counts, whatever became of the JVM; calls under way end with it.
   */
  enum Lasting {
    PLACES(5, 20),
    MINUTE(20, 85);

    final long spokenOfNanos;
    final long silentMillis;

    Lasting(long spokenOfSeconds, long silentSeconds) {
      this.spokenOfNanos = spokenOfSeconds * 1_000 * MILLI;
      this.silentMillis = silentSeconds * 1_000;
    }
  }

  private final Limiter limiter;
  private final Quota quota;
  private final ShareExchange others;
  private final String key;
  private final Lasting lasting;

  private final LeaseAhead ahead = new LeaseAhead();
  private long granted;

  /** While others go without: what was granted for those who wait here and have not passed yet. */
  private long promised;

  private long asked;
  private long askedByAll;
  private boolean asks;
  private boolean inFlight;

  /** Nobody is granted anything yet, and so nobody refused. */
  private boolean undecided;

  private boolean wantsMore;
  private boolean noted;
  private boolean tracked;
  private boolean forgotten;
  private boolean leaves;

  private long refusedUntil;
  private long patience = FIRST_PATIENCE_NANOS;
  private long spokenAt;
  private long usedAt;
  private long contendedUntil;
  private long protectedUntil;

  /**
   * @param past a time before any that it will be told
   */
  LimitShare(Limiter limiter, Quota quota, ShareExchange others, String key, long past) {
    this.limiter = limiter;
    this.quota = quota;
    this.others = others;
    this.key = key;
    this.lasting = quota.kind() == LimitKind.CONCURRENCY ? Lasting.PLACES : Lasting.MINUTE;
    this.refusedUntil = past;
    this.spokenAt = past;
    this.usedAt = past;
    this.contendedUntil = past;
    this.protectedUntil = past;
  }

  // Under the limiter's lock, for the quota.

  long nanosUntil(long amount, long now) {
    long used = quota.used(now);
    long limit = quota.limit();
    if (!others.isReachable()) {
      long part = Math.max(1, limit / others.members());
      return quota.nanosUntil(amount, Math.max(granted, part), now);
    }
    if (!fits(amount, used, limit)) {
      return quota.nanosUntil(amount, limit, now);
    }
    boolean room = granted >= limit || used + amount <= granted;
    boolean mine = !isContended(now) || Math.min(amount, limit) <= promised;
    return room && mine ? 0 : Math.max(FIRST_PATIENCE_NANOS, refusedUntil - now);
  }

  /** Whether the others could make room: an amount larger than the limit passes alone. */
  private static boolean fits(long amount, long used, long limit) {
    return amount >= limit ? used == 0 : used + amount <= limit;
  }

  void ask(long amount, long all, long now) {
    if (!others.isReachable() || !fits(amount, quota.used(now), quota.limit())) {
      return;
    }
    if (asks) {
      asked = Math.min(asked, amount);
      askedByAll = all;
    } else if (!inFlight && now - refusedUntil >= 0) {
      asks = true;
      asked = amount;
      askedByAll = all;
      note();
    }
  }

  boolean isAsking() {
    return others.isReachable() && (asks || inFlight || undecided);
  }

  void passed(long amount, long now) {
    usedAt = now;
    promised = Math.max(0, promised - amount);
    if (promised == 0) {
      // Those it was kept for have taken it.
      protectedUntil = now;
    }
    long used = quota.used(now);
    if (used > granted) {
      // More than was thought; the others must not take it for free.
      note();
    }
    boolean mayLease = !wantsMore && !isContended(now) && granted < quota.limit();
    if (mayLease && (used >= granted || ahead.isNearlyUsed(granted - used))) {
      wantsMore = true;
      note();
    }
  }

  void returned(long now) {
    if (isContended(now)) {
      note();
    }
  }

  void forget() {
    forgotten = true;
    note();
  }

  long granted() {
    return granted;
  }

  private boolean isContended(long now) {
    return others.isExact() || leaves || contendedUntil - now > 0;
  }

  private void note() {
    if (!noted) {
      noted = true;
      others.note(this);
    }
  }

  // For the thread that asks.

  @Override
  public String key() {
    return key;
  }

  @Override
  public ShareRequest request(long epochMillis) {
    return limiter.locked(
        now -> {
          noted = false;
          if (forgotten && !tracked) {
            return null;
          }
          tracked = !forgotten;
          long used = forgotten ? 0 : quota.used(now);
          boolean contended = isContended(now);
          boolean unheardOf = now - spokenAt > lasting.silentMillis * MILLI / 2;
          granted = Math.max(granted, used);
          if (forgotten || unheardOf || mayReturn(contended, now)) {
            granted = used;
            promised = 0;
          }
          boolean needs = asks && !forgotten;
          long limit = quota.limit();
          long need = needs ? most(used, asked, limit) : 0;
          long demand = needs ? most(used, Math.max(asked, askedByAll), limit) : 0;
          boolean more = !contended && !forgotten && (needs || wantsMore);
          inFlight = needs;
          asks = false;
          return new LimitShareRequest(
              this,
              epochMillis,
              lasting.silentMillis,
              forgotten ? used : limit,
              used,
              granted,
              need,
              demand,
              more ? ahead.next((long) (limit * others.slice())) : 0);
        });
  }

  private boolean mayReturn(boolean contended, long now) {
    boolean idle = now - usedAt >= IDLE_NANOS;
    return (contended || idle) && now - protectedUntil >= 0;
  }

  /** An amount that is larger than the limit passes when there is nothing else. */
  private static long most(long used, long amount, long limit) {
    return amount >= limit - used ? limit : used + amount;
  }

  void answered(LimitShareRequest request, ShareAnswer answer) {
    limiter.locked(
        now -> {
          inFlight = false;
          wantsMore = false;
          if (answer == null || forgotten) {
            return null;
          }
          if (request.need() > 0) {
            undecided = !answer.isDecided();
          }
          spokenAt = now;
          granted = Math.max(granted, answer.granted());
          if (answer.isDenied()) {
            contendedUntil = now + CONTENDED_NANOS;
            refuse(now);
            ahead.none();
            promised = 0;
          } else if (!answer.isDecided()) {
            refuse(now);
          } else {
            patience = FIRST_PATIENCE_NANOS;
            if (request.need() > 0) {
              protectedUntil = now + PROTECTED_NANOS;
              promised = granted - quota.used(now);
            }
            if (request.ahead() > 0) {
              ahead.refilled(now / MILLI);
            }
          }
          return null;
        });
    if (request.need() > 0 && answer != null) {
      limiter.wake();
    }
  }

  private void refuse(long now) {
    refusedUntil = now + patience;
    patience = Math.min(2 * patience, MOST_PATIENCE_NANOS);
  }

  @Override
  public void recalled(long epochMillis) {
    limiter.locked(
        now -> {
          contendedUntil = now + CONTENDED_NANOS;
          ahead.none();
          note();
          return null;
        });
  }

  @Override
  public void leave() {
    limiter.locked(
        now -> {
          leaves = true;
          asks = false;
          wantsMore = false;
          protectedUntil = now;
          return null;
        });
  }

  @Override
  public Due due(long epochMillis) {
    return limiter.locked(
        now -> {
          long used = quota.used(now);
          if (!tracked || used == 0 && granted == 0) {
            tracked = false;
            return Due.NEVER_AGAIN;
          }
          if (granted > used && mayReturn(isContended(now), now)) {
            return Due.NOW;
          }
          return now - spokenAt >= lasting.spokenOfNanos ? Due.NOW : Due.LATER;
        });
  }
}
