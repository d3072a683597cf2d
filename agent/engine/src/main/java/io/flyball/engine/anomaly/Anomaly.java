package io.flyball.engine.anomaly;

import io.flyball.engine.call.Attribution;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Something that is not as it used to be: it has begun, or it is over. Immutable. */
public final class Anomaly {

  /** What kind of thing it is. */
  public enum Kind {
    /** Somebody spends several times what is usual. */
    SPENDING,
    /** Somebody of whom little is known spends several times what others of the kind do. */
    NEW_SPENDER,
    /** A conversation goes on and on without a person. */
    LOOP,
    /** The same tool is called with the same arguments again and again. */
    TOOL_LOOP;

    /** The word used in metrics, events and pages. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Why it is over. */
  public enum End {
    /** It went back to normal. */
    OVER,
    /** It has lasted so long that it is the normal from now on. */
    NEW_NORMAL,
    /** The user says that it is none. */
    RELEASED;

    /** The word used in events and pages. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final String id;
  private final Kind kind;
  private final long sinceMillis;
  private final SpendScope scope;
  private final String key;
  private final SpendUnit unit;
  private final long windowMillis;
  private final double spent;
  private final double usual;
  private final Attribution attribution;
  private final int count;
  private final long endMillis;
  private final End end;
  private final double inAll;

  private Anomaly(
      String id,
      Kind kind,
      long sinceMillis,
      SpendScope scope,
      String key,
      SpendUnit unit,
      long windowMillis,
      double spent,
      double usual,
      Attribution attribution,
      int count,
      long endMillis,
      End end,
      double inAll) {
    this.id = Objects.requireNonNull(id, "id");
    this.kind = Objects.requireNonNull(kind, "kind");
    this.sinceMillis = sinceMillis;
    this.scope = scope;
    this.key = Objects.requireNonNull(key, "key");
    this.unit = unit;
    this.windowMillis = windowMillis;
    this.spent = spent;
    this.usual = usual;
    this.attribution = attribution;
    this.count = count;
    this.endMillis = endMillis;
    this.end = end;
    this.inAll = inAll;
  }

  static Anomaly ofSpending(
      String id,
      Kind kind,
      long sinceMillis,
      SpendScope scope,
      String key,
      SpendUnit unit,
      long windowMillis,
      double spent,
      double usual) {
    return new Anomaly(
        id,
        kind,
        sinceMillis,
        scope,
        key,
        unit,
        windowMillis,
        spent,
        usual,
        Attribution.NONE,
        0,
        0,
        null,
        0);
  }

  static Anomaly ofConversation(
      String id, Kind kind, long sinceMillis, String conversation, Attribution whose, int count) {
    return new Anomaly(
        id, kind, sinceMillis, null, conversation, null, 0, 0, 0, whose, count, 0, null, 0);
  }

  /**
   * The same, over.
   *
   * @param total what was spent, or how many calls there were, while it lasted
   */
  Anomaly ended(long millis, End why, double total) {
    return new Anomaly(
        id,
        kind,
        sinceMillis,
        scope,
        key,
        unit,
        windowMillis,
        spent,
        usual,
        attribution,
        count,
        millis,
        why,
        total);
  }

  /** The same word when it begins and when it ends; unique in this JVM. */
  public String id() {
    return id;
  }

  public Kind kind() {
    return kind;
  }

  /** When it was found, in milliseconds since the epoch. */
  public long sinceMillis() {
    return sinceMillis;
  }

  /** Whether it is a matter of spending; else of one conversation. */
  public boolean isSpending() {
    return scope != null;
  }

  /** Whose spending it is; null for conversations. */
  public SpendScope scope() {
    return scope;
  }

  /**
   * The tenant, the feature (empty: calls without one) or the hash of the user; of a conversation a
   * hash that means nothing outside of this JVM.
   */
  public String key() {
    return key;
  }

  /** Null for conversations. */
  public SpendUnit unit() {
    return unit;
  }

  public long windowMillis() {
    return windowMillis;
  }

  /** In the last window when it was found, without the dearest call; in the unit. */
  public double spent() {
    return spent;
  }

  /** What is usual in such a window; of a new spender, the most that others have spent. */
  public double usual() {
    return usual;
  }

  /** Whose conversation it is; never null. */
  public Attribution attribution() {
    return attribution;
  }

  /** Calls without a person, or repeats of the tool call, when it was found. */
  public int count() {
    return count;
  }

  /** Null while it lasts. */
  public End end() {
    return end;
  }

  /** When it ended, in milliseconds since the epoch; 0 while it lasts. */
  public long endMillis() {
    return endMillis;
  }

  /** What was spent while it lasted, or how many calls there were then. Known at the end. */
  public double inAll() {
    return inAll;
  }

  /** For the log: one sentence, no prompt text. */
  @Override
  public String toString() {
    return end == null ? beginning() : ending();
  }

  private String beginning() {
    switch (kind) {
      case SPENDING:
        return whose()
            + " spends "
            + amount(spent)
            + " in "
            + inWords(windowMillis)
            + ", usual are "
            + amount(usual);
      case NEW_SPENDER:
        return whose()
            + ", of whom little is known, spends "
            + amount(spent)
            + " in "
            + inWords(windowMillis)
            + ", others at most "
            + amount(usual);
      case LOOP:
        return whose() + " is a loop: " + count + " calls without a word of a person";
      default:
        return whose() + " is a loop: the same tool call " + count + " times";
    }
  }

  private String ending() {
    String what = isSpending() ? amount(inAll) + " were spent" : (long) inAll + " more calls";
    String why =
        end == End.NEW_NORMAL
            ? "it is the normal from now on"
            : end == End.RELEASED ? "released by hand" : "over";
    return whose() + ": " + why + ", " + what + " in " + inWords(endMillis - sinceMillis);
  }

  private String whose() {
    if (!isSpending()) {
      return "conversation " + key;
    }
    return key.isEmpty()
        ? "calls without a feature"
        : scope.name().toLowerCase(Locale.ROOT) + ' ' + key;
  }

  private String amount(double value) {
    return unit == SpendUnit.USD
        ? new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString()
            + " USD"
        : Math.round(value) + " tokens";
  }

  private static String inWords(long millis) {
    long minutes = TimeUnit.MILLISECONDS.toMinutes(millis);
    return minutes == 0
        ? TimeUnit.MILLISECONDS.toSeconds(millis) + "s"
        : minutes < 120 ? minutes + "m" : minutes / 60 + "h";
  }
}
