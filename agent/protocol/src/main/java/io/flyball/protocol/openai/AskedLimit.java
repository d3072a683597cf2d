package io.flyball.protocol.openai;

import io.flyball.protocol.json.JsonValue;

/**
 * A limit of tokens, of which a request may name several: which one counts is the server's choice,
 * so the largest is taken. Some servers take -1 or 0 for no limit. Where the object that holds it
 * stands twice, and once without a limit, there may be none.
 */
final class AskedLimit {
  private Long most;
  private boolean unlimited;
  private boolean atTop;

  /** Objects of further fields, and those of them that set a limit. */
  private int extras;

  private int limitedExtras;
  private boolean inExtra;
  private boolean limitsExtra;

  void tell(JsonValue value) {
    atTop |= !inExtra;
    limitsExtra |= inExtra;
    Long tokens = value.count();
    if (tokens == null || tokens == 0) {
      unlimited = true;
    } else {
      most = larger(most, tokens);
    }
  }

  /** One more object of further fields is there, whatever is in it. */
  void extraBody() {
    extras++;
  }

  void beginExtra() {
    inExtra = true;
    limitsExtra = false;
  }

  void endExtra() {
    inExtra = false;
    limitedExtras += limitsExtra ? 1 : 0;
  }

  /** The largest; null where there is none. */
  Long most() {
    return most;
  }

  /** Whether no limit may hold, whatever {@link #most} says. */
  boolean isUnlimited() {
    return unlimited || (!atTop && limitedExtras > 0 && extras > limitedExtras);
  }

  /** The one that holds where a server may take the other as well. */
  AskedLimit or(AskedLimit other) {
    AskedLimit both = new AskedLimit();
    both.most = larger(most, other.most);
    both.unlimited = isUnlimited() || other.isUnlimited();
    return both;
  }

  private static Long larger(Long known, Long told) {
    return told == null || (known != null && known > told) ? known : told;
  }
}
