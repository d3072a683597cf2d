package io.flyball.engine.fleet;

import io.flyball.base.DetachedThread;
import io.flyball.base.InternalErrors;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareExchange;
import io.flyball.engine.share.ShareOwner;
import io.flyball.engine.share.ShareRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * This JVM's part in a fleet. One thread speaks with the store; all others only leave notes for it,
 * so that nobody waits for the network who does not wait for its answer.
 */
public final class Fleet implements ShareExchange {
  private static final long MILLI = 1_000_000;
  private static final long BEAT_NANOS = 250 * MILLI;
  private static final long IDLE_BEAT_NANOS = 1_000 * MILLI;
  private static final long SWEEP_NANOS = 500 * MILLI;
  private static final long FIRST_BACKOFF_NANOS = 50 * MILLI;

  /** Shorter than the store gives everybody to come back. */
  private static final long LONGEST_BACKOFF_NANOS = 500 * MILLI;

  private static final int NAME_ATTEMPTS = 10;
  private static final int REMEMBERED_HINTS = 1_000;
  private static final int MOST_HINTS_WAITING = 1_000;
  private static final long FAREWELL_MILLIS = 1_500;

  private final FleetSettings settings;
  private final FleetStore.Connector connector;
  private final String place;
  private final TimeSource time;
  private final Consumer<String> log;
  private final InternalErrors errors;
  private final Queue<Share> notes = new ConcurrentLinkedQueue<>();
  private final Queue<Hint> hints = new ConcurrentLinkedQueue<>();
  private volatile List<ShareOwner> owners = Collections.emptyList();
  private final List<Consumer<String>> suspects = new CopyOnWriteArrayList<>();
  private final FleetCounts counts = new FleetCounts();
  private volatile boolean reachable = true;
  private volatile boolean closing;
  private volatile Thread thread;

  // The thread's own.
  private String jvm;
  private String process;
  private FleetStore store;
  private int nameAttempts;
  private long nextConnect;
  private long backoff = FIRST_BACKOFF_NANOS;
  private long nextBeat;
  private long nextSweep;
  private long since;
  private long epoch;
  private boolean toldAway;
  private boolean broken;
  private final Map<String, Share> tracked = new HashMap<>();
  private final Set<String> heard = new LinkedHashSet<>();

  /**
   * Connects to nothing yet.
   *
   * @param place what the store is called in the log
   * @param log told when the store is lost and when it is back
   */
  public Fleet(
      FleetSettings settings,
      FleetStore.Connector connector,
      String place,
      TimeSource time,
      Consumer<String> log,
      InternalErrors errors) {
    this.settings = settings;
    this.connector = connector;
    this.place = place;
    this.time = time;
    this.log = log;
    this.errors = errors;
    this.nextConnect = time.nanoTime();
  }

  /**
   * Who has something to share.
   *
   * @param theOwners asked for all they have when the store may have forgotten it
   */
  public void attach(List<ShareOwner> theOwners) {
    this.owners = theOwners;
  }

  /**
   * Who hears of targets that fail for other JVMs.
   *
   * @param listener takes the key of a service, on the fleet's thread
   */
  public void whenWarned(Consumer<String> listener) {
    suspects.add(listener);
  }

  /** Starts the thread. */
  public void start() {
    thread = DetachedThread.create("flyball-fleet", this::run);
    thread.start();
  }

  /** Gives back what is left over; for a second or so at most. */
  public void close() {
    closing = true;
    Thread running = thread;
    if (running == null) {
      return;
    }
    LockSupport.unpark(running);
    try {
      running.join(FAREWELL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void note(Share share) {
    notes.add(share);
    wakeUp();
  }

  @Override
  public boolean isReachable() {
    return reachable;
  }

  @Override
  public boolean isExact() {
    return settings.isExact();
  }

  @Override
  public double slice() {
    return settings.slice();
  }

  @Override
  public int members() {
    return Math.max(1, counts.mostMembersLately());
  }

  /** Others are to be careful with that target. */
  public void warn(Hint hint) {
    if (hints.size() < MOST_HINTS_WAITING) {
      hints.add(hint);
      wakeUp();
    }
  }

  /** How it fares. */
  public FleetCounts counts() {
    return counts;
  }

  private void wakeUp() {
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
    }
  }

  private void run() {
    while (!closing) {
      long nanos = step();
      if (!closing && (notes.isEmpty() || store == null)) {
        LockSupport.parkNanos(this, nanos);
      }
    }
    farewell();
  }

  /**
   * Does what is due.
   *
   * @return until when nothing is, in nanoseconds from now, if nobody leaves a note
   */
  long step() {
    long now = time.nanoTime();
    try {
      if (store == null) {
        if (nextConnect - now > 0) {
          return nextConnect - now;
        }
        if (!connect()) {
          return nextConnect - now;
        }
        now = time.nanoTime();
      }
      if (nextBeat - now <= 0 || !hints.isEmpty()) {
        beat();
        nextBeat = now + (tracked.isEmpty() ? IDLE_BEAT_NANOS : BEAT_NANOS);
      }
      if (nextSweep - now <= 0) {
        sweep();
        nextSweep = now + SWEEP_NANOS;
      }
      exchange();
      broken = false;
      return Math.max(0, Math.min(nextBeat, nextSweep) - now);
    } catch (IOException away) {
      lost(away.getMessage());
    } catch (Throwable failure) {
      errors.report("fleet", failure);
      lost(failure.toString());
    }
    return Math.max(0, nextConnect - time.nanoTime());
  }

  private boolean connect() throws IOException {
    if (process == null) {
      jvm = settings.jvm();
      process = UUID.randomUUID().toString();
    }
    store = connector.connect();
    if (!store.greet(jvm, process)) {
      store.close();
      store = null;
      nameAttempts++;
      nextConnect = time.nanoTime() + LONGEST_BACKOFF_NANOS;
      if (nameAttempts == NAME_ATTEMPTS) {
        jvm = UUID.randomUUID().toString();
        log.accept(
            "fleet: another JVM has this one's name, its data folder was copied; this one takes a new"
                + " name, and what the folder says was spent counts twice until its windows end");
      }
      return false;
    }
    counts.spoken(0);
    since = 0;
    nextBeat = time.nanoTime();
    nextSweep = nextBeat;
    backoff = FIRST_BACKOFF_NANOS;
    sayAll();
    counts.connected();
    reachable = true;
    if (toldAway) {
      toldAway = false;
      log.accept("fleet: " + place + " is back");
    }
    owners.forEach(ShareOwner::wake);
    return true;
  }

  /** The store may not know any more what it was told. */
  private void sayAll() {
    notes.addAll(allShares());
  }

  private List<Share> allShares() {
    List<Share> all = new ArrayList<>();
    for (ShareOwner owner : owners) {
      all.addAll(owner.shares(nowMillis()));
    }
    return all;
  }

  private void beat() throws IOException {
    List<Hint> told = new ArrayList<>();
    for (Hint hint = hints.peek(); hint != null && told.size() < 100; hint = hints.peek()) {
      told.add(hint);
      hints.remove();
    }
    counts.spoken(0);
    Beat beat = store.beat(jvm, process, since, told);
    if (!beat.isKnown()) {
      throw new IOException("another JVM has taken this one's name");
    }
    if (epoch != 0 && beat.epoch() != epoch) {
      sayAll();
    }
    epoch = beat.epoch();
    since = beat.now();
    counts.alive(beat.members(), nowMillis());
    for (String account : beat.recalled()) {
      Share share = tracked.get(account.substring(0, account.lastIndexOf(':')));
      if (share != null) {
        share.recalled(nowMillis());
      }
    }
    for (String hint : beat.hints()) {
      if (heard.add(hint)) {
        String target = hint.substring(hint.lastIndexOf('\t') + 1);
        suspects.forEach(each -> each.accept(target));
      }
    }
    for (Iterator<String> each = heard.iterator(); heard.size() > REMEMBERED_HINTS; ) {
      each.next();
      each.remove();
    }
  }

  private void sweep() {
    long now = nowMillis();
    for (Iterator<Share> each = tracked.values().iterator(); each.hasNext(); ) {
      Share share = each.next();
      Share.Due due = share.due(now);
      if (due == Share.Due.NEVER_AGAIN) {
        each.remove();
      } else if (due == Share.Due.NOW) {
        notes.add(share);
      }
    }
  }

  private void exchange() throws IOException {
    long now = nowMillis();
    List<ShareRequest> asked = new ArrayList<>();
    Set<Share> once = new LinkedHashSet<>();
    for (Share share = notes.poll(); share != null; share = notes.poll()) {
      once.add(share);
    }
    for (Share share : once) {
      ShareRequest request = share.request(now);
      if (request != null) {
        asked.add(request);
        tracked.put(share.key(), share);
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    List<ShareAnswer> answers = null;
    try {
      counts.spoken(asked.size());
      answers = store.exchange(jvm, asked);
    } finally {
      for (int i = 0; i < asked.size(); i++) {
        ShareAnswer answer = answers == null ? null : answers.get(i);
        ShareRequest request = asked.get(i);
        if (answer == null) {
          notes.add(request.share());
        } else if (answer.outcome() == ShareAnswer.Outcome.DENIED) {
          counts.denied();
        }
        request.answered(answer, nowMillis());
      }
    }
  }

  private void lost(String why) {
    boolean wasConnected = store != null;
    close(store);
    store = null;
    if (wasConnected && !broken) {
      // Connections break; that the store is away is known when there is no other.
      broken = true;
      nextConnect = time.nanoTime();
      return;
    }
    boolean first = reachable;
    reachable = false;
    counts.lost();
    nextConnect =
        time.nanoTime() + backoff / 2 + ThreadLocalRandom.current().nextLong(backoff / 2 + 1);
    backoff = Math.min(backoff * 2, LONGEST_BACKOFF_NANOS);
    if (!toldAway) {
      toldAway = true;
      log.accept(
          "fleet: "
              + place
              + " cannot be reached, budgets go on with what this JVM has leased, or by its own"
              + " account where on-redis-loss is open, rate limits with this JVM's part: "
              + why);
    }
    if (first) {
      owners.forEach(ShareOwner::wake);
    }
  }

  /** On the thread, or where there is none. */
  void farewell() {
    try {
      if (store != null) {
        for (Share share : allShares()) {
          share.leave();
          notes.add(share);
        }
        exchange();
        store.leave(jvm);
      }
    } catch (Throwable away) {
      // Then the others learn nothing of it until the windows end.
    }
    reachable = false;
    counts.left();
    close(store);
    store = null;
  }

  private static void close(FleetStore store) {
    if (store != null) {
      try {
        store.close();
      } catch (IOException e) {
        // It was of no use any more.
      }
    }
  }

  private long nowMillis() {
    return time.epochNanos() / MILLI;
  }
}
