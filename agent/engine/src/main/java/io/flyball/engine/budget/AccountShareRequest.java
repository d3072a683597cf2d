package io.flyball.engine.budget;

import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareRequest;

/** What a JVM says of its part of an account in its window, and asks. */
final class AccountShareRequest implements ShareRequest {
  /** Clocks of JVMs may differ by that much before a window's account is gone too early. */
  private static final long KEPT_MILLIS = 3_600_000;

  private final AccountShare share;
  private final long windowStart;
  private final long windowEnd;
  private final long calendarStart;
  private final long scale;
  private final long limit;
  private final long spentParts;
  private final long spent;
  private final long keep;
  private final long need;
  private final long demand;
  private final long ahead;
  private final boolean question;

  AccountShareRequest(
      AccountShare share,
      Account account,
      long spent,
      long keep,
      long need,
      long demand,
      long ahead,
      boolean question) {
    this.share = share;
    this.windowStart = account.windowStart;
    this.windowEnd = account.windowEnd();
    // A window that was changed while it ran began here at another time than elsewhere.
    this.calendarStart = account.budget.window().startOf(windowEnd - 1);
    this.scale = account.budget.unit() == BudgetUnit.USD ? 10_000 : 1;
    this.limit = Math.min(account.budget.limit() / scale, MOST);
    this.spentParts = spent;
    this.spent = up(spent);
    this.keep = up(keep);
    this.need = up(need);
    this.demand = up(demand);
    this.ahead = Math.min(ahead / scale, MOST);
    this.question = question;
  }

  private long up(long parts) {
    long units = parts / scale + (parts % scale == 0 ? 0 : 1);
    return Math.min(units, MOST);
  }

  /** Back in the unit's smallest parts. */
  long parts(long units) {
    return units > Long.MAX_VALUE / scale ? Long.MAX_VALUE : units * scale;
  }

  long windowStart() {
    return windowStart;
  }

  /** In the unit's smallest parts. */
  long spent() {
    return spentParts;
  }

  @Override
  public Share share() {
    return share;
  }

  @Override
  public Kind kind() {
    return Kind.SPENT;
  }

  @Override
  public String account() {
    return share.key() + ':' + calendarStart + '-' + windowEnd;
  }

  @Override
  public long expiresAt() {
    return windowEnd + KEPT_MILLIS;
  }

  @Override
  public long lentMillis() {
    return 0;
  }

  /** Whether somebody waits for the answer, be it only to hear what is left. */
  boolean isQuestion() {
    return question;
  }

  @Override
  public long limit() {
    return limit;
  }

  @Override
  public long used() {
    return spent;
  }

  @Override
  public long keep() {
    return keep;
  }

  @Override
  public long need() {
    return need;
  }

  @Override
  public long demand() {
    return demand;
  }

  @Override
  public long ahead() {
    return ahead;
  }

  @Override
  public void answered(ShareAnswer answer, long epochMillis) {
    share.answered(this, answer, epochMillis);
  }
}
