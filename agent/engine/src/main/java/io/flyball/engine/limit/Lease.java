package io.flyball.engine.limit;

import java.util.List;

/** The place of a call that was let through. To be released whatever happens. Thread safe. */
public final class Lease {
  static final Lease OF_NOTHING = new Lease(null, null, 0, 0);

  private final Limiter limiter;
  private final List<Gate.Hold> holds;
  private final long grantedAt;

  /** Guarded by the limiter. */
  private long tokens;

  private boolean released;

  Lease(Limiter limiter, List<Gate.Hold> holds, long tokens, long grantedAt) {
    this.limiter = limiter;
    this.holds = holds;
    this.tokens = tokens;
    this.grantedAt = grantedAt;
  }

  /** The call has ended. Further calls do nothing. */
  public void release() {
    if (limiter != null) {
      limiter.change(this, this::end);
    }
  }

  /**
   * Puts what a call really used in the place of what was estimated, or was said before. May come
   * before or after its end.
   */
  public void settle(long usedTokens) {
    if (limiter != null) {
      limiter.change(this, now -> adjustTo(usedTokens, now));
    }
  }

  /** The call was never sent: as if it had not been let through. Releases it, too. */
  public void giveBack() {
    if (limiter != null) {
      limiter.change(
          this,
          now -> {
            if (!released) {
              adjustTo(0, now);
              for (Gate.Hold hold : holds) {
                hold.giveBack(now);
              }
              end(now);
            }
          });
    }
  }

  /**
   * The provider answered that it is asked too much.
   *
   * @param retryAfterNanos how long it asks to be left alone; not positive when it does not say
   */
  public void tooMuch(long retryAfterNanos) {
    if (limiter != null) {
      limiter.change(
          this,
          now -> {
            for (Gate.Hold hold : holds) {
              hold.tooMuch(grantedAt, retryAfterNanos, now);
            }
          });
    }
  }

  /** Whether somebody waits for something that this lease holds. */
  boolean isAwaited() {
    for (Gate.Hold hold : holds) {
      if (hold.isAwaited()) {
        return true;
      }
    }
    return false;
  }

  private void end(long now) {
    if (!released) {
      released = true;
      for (Gate.Hold hold : holds) {
        hold.end(now);
      }
    }
  }

  private void adjustTo(long usedTokens, long now) {
    long more = LimitRequest.sensible(usedTokens) - tokens;
    tokens += more;
    if (more != 0) {
      for (Gate.Hold hold : holds) {
        hold.adjust(more, now);
      }
    }
  }
}
