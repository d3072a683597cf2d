package io.flyball.engine.limit;

import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareRequest;

/** What a JVM says of its part of a quota, and asks. */
final class LimitShareRequest implements ShareRequest {
  private final LimitShare share;
  private final LimitShare.Lasting lasting;
  private final long expiresAt;
  private final long limit;
  private final long used;
  private final long keep;
  private final long need;
  private final long demand;
  private final long ahead;

  /**
   * @param epochMillis now
   */
  LimitShareRequest(
      LimitShare share,
      LimitShare.Lasting lasting,
      long epochMillis,
      long limit,
      long used,
      long keep,
      long need,
      long demand,
      long ahead) {
    this.share = share;
    this.lasting = lasting;
    this.expiresAt = epochMillis + 2 * lasting.silentMillis;
    this.limit = Math.min(limit, MOST);
    this.used = Math.min(used, MOST);
    this.keep = Math.min(keep, MOST);
    this.need = Math.min(need, MOST);
    this.demand = Math.min(demand, MOST);
    this.ahead = Math.min(ahead, MOST);
  }

  @Override
  public Share share() {
    return share;
  }

  @Override
  public Kind kind() {
    return Kind.LENT;
  }

  @Override
  public String account() {
    return share.key() + ":limit";
  }

  @Override
  public long expiresAt() {
    return expiresAt;
  }

  @Override
  public long lentMillis() {
    return lasting.silentMillis;
  }

  @Override
  public long limit() {
    return limit;
  }

  @Override
  public long used() {
    return used;
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
    share.answered(this, answer);
  }
}
