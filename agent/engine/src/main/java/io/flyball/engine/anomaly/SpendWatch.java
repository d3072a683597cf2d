package io.flyball.engine.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Watches what the keys of one scope spend. A key of which enough is known is judged by its own
 * past; one of which little is known also by what the others spend. Not thread safe.
 */
final class SpendWatch {
  private static final int MAX_KEY_BYTES = 1 << 20;
  private static final int LEAST_PEERS = 5;
  private static final double PEERS_QUANTILE = 0.9;
  private static final double BEYOND_PEERS = 2;
  private static final int WELL_KNOWN_HOURS = 24;
  private static final double OVER = 0.5;
  private static final int QUIET_WINDOWS = 3;
  private static final int WINDOWS = SpendHistory.WINDOWS;
  private static final long NEW_NORMAL_MILLIS = TimeUnit.DAYS.toMillis(1);
  private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);

  private final SpendScope scope;
  private final SpendUnit unit;
  private final int maxKeys;
  private final Notices notices;
  private final Map<String, Watched> keys = new LinkedHashMap<>(16, 0.75f, true);
  private final Wrong<Watched> wrong;
  private AnomalySettings settings;
  private long peersHour = -1;
  private final double[] peersLimits = new double[WINDOWS];

  /**
   * @param maxKeys those that have not been heard of for the longest time are forgotten
   */
  SpendWatch(
      SpendScope scope, SpendUnit unit, AnomalySettings settings, int maxKeys, Notices notices) {
    this.scope = scope;
    this.unit = unit;
    this.settings = settings;
    this.maxKeys = maxKeys;
    this.notices = notices;
    this.wrong = new Wrong<>(notices);
  }

  /** Takes over other settings; windows and history are what they were. */
  void apply(AnomalySettings newSettings) {
    settings = newSettings;
  }

  /** A call of that key has cost so much. */
  void spent(String key, double amount, long now) {
    Watched watched = keys.get(key);
    if (watched == null) {
      watched =
          new Watched(new SpendHistory(settings.windowMillis(), settings.historyMillis(), now));
      keys.put(key, watched);
      Wrong.forgetOldest(keys, maxKeys);
    }
    watched.history.add(amount, now);
    if (!watched.isWrong()) {
      for (int window = 0; window < WINDOWS && !watched.isWrong(); window++) {
        judge(key, watched, window, now);
      }
    } else {
      watched.meanCall = watched.window.meanCall();
      watched.inAll += amount;
      lookForEnd(watched, now);
    }
  }

  /** A call of that key was held back because of its anomaly. */
  void refused(String key, long now) {
    Watched watched = keys.get(key);
    if (watched != null && watched.isWrong()) {
      watched.history.addRefused(watched.meanCall, now);
      lookForEnd(watched, now);
    }
  }

  private void judge(String key, Watched watched, int number, long now) {
    SpendHistory history = watched.history;
    SpendWindow window = history.window(number);
    double spent = window.spent();
    double least = settings.least(unit);
    if (spent < least) {
      return;
    }
    boolean known = history.isKnown(now);
    double usual = known ? history.usual(window) : peersLimit(number, now);
    if (!known && usual == 0 || spent <= limit(history, number, now) || spent - usual < least) {
      return;
    }
    watched.window = window;
    watched.limit = limit(history, number, now);
    watched.quietSince = 0;
    watched.inAll = 0;
    watched.meanCall = window.meanCall();
    history.disturbed(true);
    wrong.begin(
        watched,
        Anomaly.ofSpending(
            notices.nextId(),
            known ? Anomaly.Kind.SPENDING : Anomaly.Kind.NEW_SPENDER,
            now,
            scope,
            key,
            unit,
            window.millis(),
            spent,
            usual));
  }

  private double limit(SpendHistory history, int window, long now) {
    double factor = settings.factor();
    if (!history.isKnown(now)) {
      return factor * peersLimit(window, now);
    }
    double limit = history.limit(history.window(window), factor);
    return history.activeHours() < WELL_KNOWN_HOURS
        ? Math.max(limit, BEYOND_PEERS * peersLimit(window, now))
        : limit;
  }

  /** What nine of ten others of whom enough is known never exceeded; 0 when they are few. */
  private double peersLimit(int window, long now) {
    long hour = now / HOUR_MILLIS;
    if (hour != peersHour) {
      peersHour = hour;
      for (int number = 0; number < WINDOWS; number++) {
        peersLimits[number] = newPeersLimit(number, now);
      }
    }
    return peersLimits[window];
  }

  private double newPeersLimit(int window, long now) {
    double[] tops = new double[keys.size()];
    int count = 0;
    for (Watched peer : keys.values()) {
      double top = peer.history.window(window).top();
      if (top > 0 && peer.history.isKnown(now)) {
        tops[count++] = top;
      }
    }
    Arrays.sort(tops, 0, count);
    return count < LEAST_PEERS ? 0 : tops[(int) (PEERS_QUANTILE * (count - 1))];
  }

  /** Looks which anomalies are over although nobody calls any more. */
  void look(long now) {
    for (Watched watched : wrong.all()) {
      watched.history.moveTo(now);
      lookForEnd(watched, now);
    }
  }

  private void lookForEnd(Watched watched, long now) {
    if (isTooMuch(watched, now)) {
      watched.quietSince = 0;
    } else if (watched.quietSince == 0) {
      watched.quietSince = now;
    } else if (now - watched.quietSince >= QUIET_WINDOWS * settings.windowMillis()) {
      end(watched, now, Anomaly.End.OVER);
      return;
    }
    if (now - watched.anomaly().sinceMillis() >= NEW_NORMAL_MILLIS) {
      watched.history.startAnew(watched.anomaly().sinceMillis());
      end(watched, now, Anomaly.End.NEW_NORMAL);
    }
  }

  /** By what is usual now; between the bursts of a bursty key, too. */
  private boolean isTooMuch(Watched watched, long now) {
    if (!watched.history.isKnown(now)) {
      return watched.window.wanted() > OVER * watched.limit;
    }
    SpendHistory history = watched.history;
    SpendWindow brief = history.window(0);
    return brief.wanted() > OVER * settings.factor() * history.usual(brief)
        || history.window(1).wanted() > OVER * limit(history, 1, now);
  }

  /**
   * Ends an anomaly by hand: what is spent now is normal.
   *
   * @return whether there is one of that id
   */
  boolean release(String id, long now) {
    Watched watched = wrong.find(id);
    if (watched != null) {
      watched.history.moveTo(now);
      watched.history.startAnew(watched.anomaly().sinceMillis());
      end(watched, now, Anomaly.End.RELEASED);
    }
    return watched != null;
  }

  private void end(Watched watched, long now, Anomaly.End why) {
    watched.history.disturbed(false);
    wrong.end(watched, now, why, watched.inAll);
  }

  /** Whether something has been watched since before that. */
  boolean knowsSince(long time) {
    for (Watched watched : keys.values()) {
      if (watched.history.since() <= time) {
        return true;
      }
    }
    return false;
  }

  /** Writes what is known of the past of all keys. */
  void write(DataOutput out) throws IOException {
    out.writeInt(keys.size());
    for (Map.Entry<String, Watched> each : keys.entrySet()) {
      byte[] key = each.getKey().getBytes(StandardCharsets.UTF_8);
      out.writeInt(key.length);
      out.write(key);
      each.getValue().history.write(out);
    }
  }

  /** Takes over what was written. */
  void read(DataInput in, long now) throws IOException {
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      if (length < 0 || length > MAX_KEY_BYTES) {
        throw new IOException("a key of " + length + " bytes");
      }
      byte[] key = new byte[length];
      in.readFully(key);
      SpendHistory history =
          new SpendHistory(settings.windowMillis(), settings.historyMillis(), now);
      history.read(in);
      keys.put(new String(key, StandardCharsets.UTF_8), new Watched(history));
      Wrong.forgetOldest(keys, maxKeys);
    }
  }

  List<Anomaly> anomalies() {
    return wrong.anomalies();
  }

  /** How many calls a minute are usual for that key, by what its calls cost now; at least one. */
  double usualCallsPerMinute(String key) {
    Watched watched = keys.get(key);
    if (watched == null || !watched.isWrong() || watched.meanCall <= 0) {
      return 1;
    }
    double minutes = watched.anomaly().windowMillis() / 60_000.0;
    return Math.max(1, watched.anomaly().usual() / watched.meanCall / minutes);
  }

  /** One key. */
  private static final class Watched extends Wrong.Suspect {
    private final SpendHistory history;
    private SpendWindow window;
    private double limit;
    private long quietSince;
    private double inAll;
    private double meanCall;

    Watched(SpendHistory history) {
      this.history = history;
    }
  }
}
