package io.flyball.engine.budget;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.UUID;

/** Where accounts outlive the JVM. Called under the ledger's lock: must be as fast as memory. */
public interface AccountStore {

  /** What {@link Slot#used} gives when what was spent cannot be read any more. */
  long UNKNOWN = Long.MAX_VALUE;

  /** The place of one account, made when there is none. */
  Slot open(String key);

  /**
   * Whether something is kept there.
   *
   * @param key as for {@link #open}
   */
  default boolean keeps(String key) {
    return false;
  }

  /**
   * How many accounts of a budget are kept of an earlier JVM that nobody has opened since.
   *
   * @param family what the keys of its accounts begin with
   */
  default int unopened(String family) {
    return 0;
  }

  /**
   * Drops one of those whose window is over; says whether there was one.
   *
   * @param epochMillis now
   * @param clockShift by how much the clock was set ahead since this JVM began
   */
  default boolean dropUnopened(String family, long epochMillis, long clockShift) {
    return false;
  }

  /**
   * Under which name other JVMs know who spends from these accounts; the same again after a restart
   * where the accounts are.
   */
  default String owner() {
    return UUID.randomUUID().toString();
  }

  /** One account's place. */
  interface Slot {

    /** When the window began that is kept here; milliseconds since the epoch, 0 for none. */
    long windowStart();

    /**
     * What was spent in it; with what was reserved when the JVM that wrote it died. {@link
     * #UNKNOWN} when that is not known.
     */
    long used();

    /** When the window before it began; 0 for none. */
    default long previousStart() {
      return 0;
    }

    /** What was spent and set aside in the window before it. */
    default long previousUsed() {
      return 0;
    }

    /**
     * A window begins.
     *
     * @param start milliseconds since the epoch, as is the end
     * @param spent in it, as {@link #later} told; as much of what was spent before is the same
     */
    void begin(long start, long end, long spent);

    /**
     * The same window has other bounds, as the clock was set. There is no window before it any
     * more.
     *
     * @param start milliseconds since the epoch, as is the end
     */
    default void move(long start, long end) {}

    /**
     * The account goes back to an earlier window; what was spent in that later one is kept until it
     * comes, or somebody {@linkplain #dropLater drops} it.
     *
     * @param start milliseconds since the epoch, as is the end
     */
    default void keepLater(long start, long end, long spent) {}

    /** What is kept so, by the starts of the windows. */
    default NavigableMap<Long, Long> later() {
      return Collections.emptyNavigableMap();
    }

    /** Drops what is kept so of windows that begin before that. */
    default void dropLater(long end) {}

    /** What stands there now. */
    void write(long used, long reserved);

    /** Nobody asks for this account any more; not to be used after that. */
    void free();
  }

  /** Remembers nothing. */
  AccountStore MEMORY =
      key ->
          new Slot() {
            @Override
            public long windowStart() {
              return 0;
            }

            @Override
            public long used() {
              return 0;
            }

            @Override
            public void begin(long start, long end, long spent) {}

            @Override
            public void write(long used, long reserved) {}

            @Override
            public void free() {}
          };
}
