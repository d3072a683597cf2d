package io.flyball.engine.budget;

import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareRequest;

/** What a JVM says of its part of an account in its window, and asks. */
final class AccountShareRequest extends ShareRequest {
  /** Clocks of JVMs may differ by that much before a window's account is gone too early. */
  private static final long KEPT_MILLIS = 3_600_000;

  private final AccountShare share;
  private final long windowStart;
  private final long windowEnd;
  private final long calendarStart;
  private final long scale;
  private final long spentParts;
  private final boolean question;

  /** All amounts in the unit's smallest parts. */
  AccountShareRequest(
      AccountShare share,
      Account account,
      long spent,
      long keep,
      long need,
      long demand,
      long ahead,
      boolean question) {
    super(
        account.budget.limit() / scaleOf(account),
        up(spent, account),
        up(keep, account),
        up(need, account),
        up(demand, account),
        ahead / scaleOf(account));
    this.share = share;
    this.windowStart = account.windowStart;
    this.windowEnd = account.windowEnd();
    // A window that was changed while it ran began here at another time than elsewhere.
    this.calendarStart = account.budget.window().startOf(windowEnd - 1);
    this.scale = scaleOf(account);
    this.spentParts = spent;
    this.question = question;
  }

  private static long scaleOf(Account account) {
    return account.budget.unit() == BudgetUnit.USD ? 10_000 : 1;
  }

  private static long up(long parts, Account account) {
    long scale = scaleOf(account);
    return parts / scale + (parts % scale == 0 ? 0 : 1);
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

  /** Whether somebody waits for the answer, be it only to hear what is left. */
  boolean isQuestion() {
    return question;
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

  @Override
  public void answered(ShareAnswer answer, long epochMillis) {
    share.answered(this, answer, epochMillis);
  }
}
