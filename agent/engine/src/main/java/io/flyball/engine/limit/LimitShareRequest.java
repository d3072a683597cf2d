package io.flyball.engine.limit;

import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareRequest;

/** What a JVM says of its part of a quota, and asks. */
final class LimitShareRequest extends ShareRequest {
  private final LimitShare share;
  private final long lentMillis;
  private final long expiresAt;

  /**
   * @param epochMillis now
   * @param lentMillis see {@link #lentMillis()}
   */
  LimitShareRequest(
      LimitShare share,
      long epochMillis,
      long lentMillis,
      long limit,
      long used,
      long keep,
      long need,
      long demand,
      long ahead) {
    super(limit, used, keep, need, demand, ahead);
    this.share = share;
    this.lentMillis = lentMillis;
    this.expiresAt = epochMillis + 2 * lentMillis;
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
    return lentMillis;
  }

  @Override
  public void answered(ShareAnswer answer, long epochMillis) {
    share.answered(this, answer);
  }
}
