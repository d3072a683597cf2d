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

  /** Said for who may answer instead, or by who hands the request on. */
  private Long mostElsewhere;

  private boolean elsewhere;
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

  /** One that may hold in its place: it makes the answer longer, and says nothing of its own. */
  void orElse(JsonValue value) {
    Long tokens = value.count();
    if (tokens == null || tokens == 0) {
      orNone();
    } else {
      elsewhere = true;
      mostElsewhere = larger(mostElsewhere, tokens);
    }
  }

  /** There may be none, whatever is said. */
  void orNone() {
    elsewhere = true;
    unlimited = true;
  }

  /** Whether the request itself says one. */
  boolean isSaid() {
    return most != null;
  }

  /** Whether another one may hold than the request itself says. */
  boolean isElsewhere() {
    return elsewhere;
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
    return larger(most, mostElsewhere);
  }

  /** Whether no limit may hold, whatever {@link #most} says. */
  boolean isUnlimited() {
    boolean instead = most == null && mostElsewhere != null;
    return unlimited || instead || (!atTop && limitedExtras > 0 && extras > limitedExtras);
  }

  /** The one that holds where a server may take the other as well. */
  AskedLimit or(AskedLimit other) {
    AskedLimit both = new AskedLimit();
    both.most = larger(most, other.most);
    both.mostElsewhere = larger(mostElsewhere, other.mostElsewhere);
    both.elsewhere = elsewhere || other.elsewhere;
    both.unlimited = isUnlimited() || other.isUnlimited();
    return both;
  }

  private static Long larger(Long known, Long told) {
    return told == null || (known != null && known > told) ? known : told;
  }
}
