package io.flyball.engine.anomaly;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Finds what is not as it used to be in the run of calls, and tells of it once when it begins and
 * once when it ends. Told of calls by the thread of the records, while they have their requests;
 * asked by any thread.
 */
public final class Anomalies implements CallListener {
  private static final int FORM = 0xF1B0001;
  private static final long WORTH_KEEPING_MILLIS = TimeUnit.HOURS.toMillis(1);
  private static final int MAX_KEYS = 1_000;
  private static final int MAX_CONVERSATIONS = 2_000;
  private static final int REMEMBERED = 100;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final TimeSource time;
  private final Timer timer;
  private final Executor background;
  private final InternalErrors errors;
  private final ConversationReader reader = new ConversationReader();
  private final Throttle throttle;
  private final List<AnomalyListener> listeners = new CopyOnWriteArrayList<>();
  private final Object lock = new Object();
  private final Notices notices = new Notices();
  private final Map<SpendUnit, Map<SpendScope, SpendWatch>> spending =
      new EnumMap<>(SpendUnit.class);
  private final ArrayDeque<Anomaly> past = new ArrayDeque<>();
  private LoopWatch loops;
  private AnomalySettings settings;
  private boolean looking;

  /**
   * @param timer wakes while something is wrong
   * @param background where is looked then, and told of what is over
   */
  public Anomalies(TimeSource time, Timer timer, Executor background, InternalErrors errors) {
    this.time = time;
    this.timer = timer;
    this.background = background;
    this.errors = errors;
    this.throttle = new Throttle(time, reader);
  }

  /**
   * What counts from now on; what is known stays when it is of use.
   *
   * @param newSettings null: nothing is watched
   */
  public void apply(AnomalySettings newSettings) {
    synchronized (lock) {
      boolean keep = settings != null && newSettings != null && settings.remembersAs(newSettings);
      settings = newSettings;
      if (!keep) {
        spending.clear();
        loops = newSettings == null ? null : new LoopWatch(newSettings, MAX_CONVERSATIONS, notices);
        hold();
        return;
      }
      loops.apply(newSettings);
      spending.values().forEach(of -> of.values().forEach(watch -> watch.apply(newSettings)));
    }
  }

  public void listen(AnomalyListener listener) {
    listeners.add(listener);
  }

  /**
   * What is known of the past, for {@link #remember} of another JVM.
   *
   * @return null when it is not worth keeping yet
   */
  byte[] memory() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    synchronized (lock) {
      if (settings == null || !isWorthKeeping()) {
        return null;
      }
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(FORM);
      settings.writeForm(out);
      for (SpendUnit unit : SpendUnit.values()) {
        for (SpendScope scope : SpendScope.values()) {
          watch(unit, scope).write(out);
        }
      }
    }
    return bytes.toByteArray();
  }

  private boolean isWorthKeeping() {
    long before = TimeUnit.NANOSECONDS.toMillis(time.epochNanos()) - WORTH_KEEPING_MILLIS;
    for (Map<SpendScope, SpendWatch> watches : spending.values()) {
      for (SpendWatch watch : watches.values()) {
        if (watch.knowsSince(before)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Takes over what another JVM knew, in place of what is known here.
   *
   * @throws IOException when it is not in the form that is written here; then nothing is known
   */
  void remember(byte[] memory) throws IOException {
    synchronized (lock) {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(memory));
      if (settings == null || in.readInt() != FORM || !settings.isFormOf(in)) {
        return;
      }
      spending.clear();
      long now = TimeUnit.NANOSECONDS.toMillis(time.epochNanos());
      try {
        for (SpendUnit unit : SpendUnit.values()) {
          for (SpendScope scope : SpendScope.values()) {
            watch(unit, scope).read(in, now);
          }
        }
      } catch (IOException | RuntimeException broken) {
        spending.clear();
        throw broken;
      }
    }
  }

  private SpendWatch watch(SpendUnit unit, SpendScope scope) {
    return spending
        .computeIfAbsent(unit, none -> new EnumMap<>(SpendScope.class))
        .computeIfAbsent(scope, none -> new SpendWatch(scope, unit, settings, MAX_KEYS, notices));
  }

  /** Who is to be held back while something is wrong. */
  public Throttle throttle() {
    return throttle;
  }

  @Override
  public void callEnded(CallRecord record) {
    AnomalySettings now = settings();
    if (now == null) {
      return;
    }
    boolean chat = record.request().operation() == Operation.CHAT;
    Conversation conversation =
        chat && now.watchesLoops() ? reader.read(record.requestBody(), record.attribution()) : null;
    List<Anomaly> toTell;
    synchronized (lock) {
      if (settings == null) {
        return;
      }
      long ended = TimeUnit.NANOSECONDS.toMillis(record.endEpochNanos());
      boolean heldBack = record.journal().isHeldBack();
      if (heldBack) {
        refused(record.attribution(), ended);
      } else {
        spent(record, ended);
      }
      if (conversation != null) {
        long began = TimeUnit.NANOSECONDS.toMillis(record.startEpochNanos());
        loops.called(conversation, record.attribution(), began, ended, heldBack);
      }
      toTell = settled();
    }
    tell(toTell);
  }

  private AnomalySettings settings() {
    synchronized (lock) {
      return settings;
    }
  }

  private void spent(CallRecord record, long now) {
    Usage usage = record.usage();
    if (record.costUsd() != null) {
      spent(SpendUnit.USD, record.attribution(), record.costUsd().doubleValue(), now);
    } else if (usage != null) {
      double tokens = (double) usage.input() + usage.output();
      spent(SpendUnit.TOKENS, record.attribution(), tokens, now);
    }
  }

  private void spent(SpendUnit unit, Attribution who, double amount, long now) {
    for (SpendScope scope : SpendScope.values()) {
      String key = scope.keyOf(who);
      if (key != null) {
        watch(unit, scope).spent(key, amount, now);
      }
    }
  }

  private void refused(Attribution who, long now) {
    for (Map<SpendScope, SpendWatch> watches : spending.values()) {
      for (Map.Entry<SpendScope, SpendWatch> each : watches.entrySet()) {
        String key = each.getKey().keyOf(who);
        if (key != null) {
          each.getValue().refused(key, now);
        }
      }
    }
  }

  /** Looks which anomalies are over although nobody calls any more. */
  public void look() {
    List<Anomaly> toTell;
    synchronized (lock) {
      looking = false;
      long now = TimeUnit.NANOSECONDS.toMillis(time.epochNanos());
      spending.values().forEach(of -> of.values().forEach(watch -> watch.look(now)));
      if (loops != null) {
        loops.look(now);
      }
      hold();
      toTell = settled();
    }
    tell(toTell);
  }

  /**
   * Ends an anomaly by hand: who was held back no longer is, and as it is now it is normal.
   *
   * @return whether there is one of that id
   */
  public boolean release(String id) {
    boolean found = false;
    List<Anomaly> toTell;
    synchronized (lock) {
      long now = TimeUnit.NANOSECONDS.toMillis(time.epochNanos());
      for (Map<SpendScope, SpendWatch> watches : spending.values()) {
        for (SpendWatch watch : watches.values()) {
          found = found || watch.release(id, now);
        }
      }
      found = found || loops != null && loops.release(id, now);
      toTell = settled();
    }
    tell(toTell);
    return found;
  }

  /** Those that last, in no order. */
  public List<Anomaly> lasting() {
    synchronized (lock) {
      List<Anomaly> lasting = new ArrayList<>();
      spending
          .values()
          .forEach(of -> of.values().forEach(watch -> lasting.addAll(watch.anomalies())));
      if (loops != null) {
        lasting.addAll(loops.anomalies());
      }
      return lasting;
    }
  }

  /** The latest that are over, the last one first. */
  public List<Anomaly> past() {
    synchronized (lock) {
      return new ArrayList<>(past);
    }
  }

  /** What there is to be told, after it has been acted upon. */
  private List<Anomaly> settled() {
    List<Anomaly> news = notices.take();
    for (Anomaly anomaly : news) {
      if (anomaly.end() != null) {
        past.addFirst(anomaly);
      }
    }
    while (past.size() > REMEMBERED) {
      past.removeLast();
    }
    if (!news.isEmpty()) {
      hold();
    }
    if (!looking && !throttle.isIdle()) {
      looking = true;
      lookLater();
    }
    return news;
  }

  private void lookLater() {
    try {
      timer.schedule(LOOK_NANOS, () -> background.execute(this::lookSafely));
    } catch (RejectedExecutionException atTheEnd) {
      looking = false;
    }
  }

  private void lookSafely() {
    try {
      look();
    } catch (Throwable failure) {
      errors.report("anomalies", failure);
    }
  }

  private void hold() {
    Map<SpendScope, Map<String, Double>> rates = new EnumMap<>(SpendScope.class);
    for (Map<SpendScope, SpendWatch> watches : spending.values()) {
      for (SpendWatch watch : watches.values()) {
        for (Anomaly anomaly : watch.anomalies()) {
          rates
              .computeIfAbsent(anomaly.scope(), none -> new HashMap<>())
              .merge(anomaly.key(), watch.usualCallsPerMinute(anomaly.key()), Math::min);
        }
      }
    }
    Set<List<String>> loopers = new HashSet<>();
    if (loops != null) {
      loops.anomalies().forEach(anomaly -> loopers.add(Throttle.who(anomaly.attribution())));
    }
    throttle.hold(rates, loops == null ? new HashSet<>() : loops.loops(), loopers);
  }

  private void tell(List<Anomaly> news) {
    for (Anomaly anomaly : news) {
      for (AnomalyListener listener : listeners) {
        try {
          if (anomaly.end() == null) {
            listener.began(anomaly);
          } else {
            listener.ended(anomaly);
          }
        } catch (Throwable failure) {
          errors.report("anomalies", failure);
        }
      }
    }
  }
}
