package io.flyball.engine.fleet;

import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareAnswer.Outcome;
import io.flyball.engine.share.ShareRequest;
import io.flyball.engine.time.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What the scripts do in Redis, in memory; and what goes wrong, when a test says so. */
final class MemoryServer {
  private static final long NAME_MILLIS = 2_500;
  private static final long ALIVE_MILLIS = 5_000;

  private final ManualTime time;
  private Map<String, Account> accounts = new HashMap<>();
  private Map<String, Long> recalls = new HashMap<>();
  private Map<String, Long> hints = new HashMap<>();
  private Map<String, Long> jvms = new HashMap<>();
  private Map<String, String> processes = new HashMap<>();
  private long since;
  private int run = 1;
  private int runOfSince;
  private boolean down;
  private boolean losesAnswers;
  int exchanges;

  private static final class Account {
    long total;
    long used;
    final Map<String, Long> granted = new HashMap<>();
    final Map<String, Long> spent = new HashMap<>();
    final Map<String, Long> spokenAt = new HashMap<>();
    final Map<String, Long> wanted = new HashMap<>();
    final Map<String, Long> wantedSince = new HashMap<>();
    final Map<String, Long> lacking = new HashMap<>();
    long lastWanted = Long.MIN_VALUE / 2;
    long expiresAt;

    void forget(String jvm) {
      total -= granted.remove(jvm);
      used -= spent.remove(jvm);
      spokenAt.remove(jvm);
      wanted.remove(jvm);
    }
  }

  MemoryServer(ManualTime time) {
    this.time = time;
  }

  /** Nobody reaches it, and connections break. */
  void goDown() {
    down = true;
    run++;
  }

  void comeBack() {
    down = false;
  }

  /** It comes back with nothing. */
  void comeBackEmpty() {
    flush();
    down = false;
  }

  void flush() {
    accounts = new HashMap<>();
    recalls = new HashMap<>();
    hints = new HashMap<>();
    jvms = new HashMap<>();
    processes = new HashMap<>();
    since = 0;
    runOfSince = 0;
  }

  /** The next exchange is heard, and its answer lost with the connection. */
  void loseNextAnswer() {
    losesAnswers = true;
  }

  boolean losesNextAnswer() {
    return losesAnswers;
  }

  /** What that JVM was granted, be it that it never heard of it. */
  long granted(String jvm) {
    return accounts.values().stream().mapToLong(each -> each.granted.getOrDefault(jvm, 0L)).sum();
  }

  FleetStore.Connector connector() {
    return connector(() -> false);
  }

  /** For one who may be cut off while others are not. */
  FleetStore.Connector connector(BooleanSupplier cutOff) {
    return () -> {
      if (down || cutOff.getAsBoolean()) {
        throw new IOException("nobody there");
      }
      return new Store(run, cutOff);
    };
  }

  private long now() {
    return time.epochNanos() / 1_000_000;
  }

  private final class Store implements FleetStore {
    private final int runOfConnection;
    private final BooleanSupplier cutOff;
    private String process;

    Store(int runOfConnection, BooleanSupplier cutOff) {
      this.runOfConnection = runOfConnection;
      this.cutOff = cutOff;
    }

    private void check() throws IOException {
      if (down || runOfConnection != run || cutOff.getAsBoolean()) {
        throw new IOException("broken pipe");
      }
    }

    @Override
    public boolean greet(String jvm, String process) throws IOException {
      check();
      this.process = process;
      if (runOfSince != run) {
        runOfSince = run;
        since = now();
      }
      String holder = processes.get(jvm);
      Long seen = jvms.get(jvm);
      if (holder != null && !holder.equals(process) && seen != null && now() - seen < NAME_MILLIS) {
        return false;
      }
      processes.put(jvm, process);
      jvms.put(jvm, now());
      return true;
    }

    @Override
    public Beat beat(String jvm, String process, long from, List<Hint> given) throws IOException {
      check();
      boolean known = processes.getOrDefault(jvm, process).equals(process);
      processes.putIfAbsent(jvm, process);
      jvms.put(jvm, now());
      since = since == 0 ? now() : since;
      for (Hint hint : given) {
        hints.put(now() + hint.millis() + "\t" + jvm + "\t" + hint.target(), now());
      }
      List<String> recalled = new ArrayList<>();
      recalls.forEach((account, at) -> addIf(at >= from, account, recalled));
      List<String> heard = new ArrayList<>();
      hints.forEach((hint, at) -> addIf(at >= from && !hint.contains(jvm), hint, heard));
      int alive = (int) jvms.values().stream().filter(at -> now() - at <= ALIVE_MILLIS).count();
      return new Beat(known, now(), since, alive, recalled, heard);
    }

    private void addIf(boolean condition, String text, List<String> texts) {
      if (condition) {
        texts.add(text);
      }
    }

    @Override
    public List<ShareAnswer> exchange(String jvm, List<ShareRequest> requests) throws IOException {
      check();
      exchanges++;
      List<ShareAnswer> answers = new ArrayList<>();
      for (ShareRequest request : requests) {
        answers.add(
            request.kind() == ShareRequest.Kind.SPENT
                ? spend(jvm, request)
                : lend(process, request));
      }
      if (losesAnswers) {
        losesAnswers = false;
        throw new IOException("timed out");
      }
      return answers;
    }

    private ShareAnswer spend(String jvm, ShareRequest request) {
      Account account = accounts.computeIfAbsent(request.account(), name -> new Account());
      since = since == 0 ? now() : since;
      long before = account.granted.getOrDefault(jvm, 0L);
      long free = request.limit() - (account.total - before);
      long has = request.keep();
      Outcome outcome = Outcome.GRANTED;
      if (request.need() > request.keep() || request.ahead() > 0) {
        if (now() - since < RedisStore.COMING_BACK_MILLIS) {
          outcome = Outcome.TOO_EARLY;
        } else if (request.need() > request.keep()) {
          if (request.need() <= free) {
            has = Math.min(free, Math.max(request.need(), request.demand()));
          } else {
            outcome = Outcome.DENIED;
            recalls.put(request.account(), now());
          }
        }
        if (outcome == Outcome.GRANTED && request.ahead() > 0 && free > has) {
          has += Math.min(request.ahead(), (free - has) / 4);
        }
      }
      long lost = 0;
      if (outcome == Outcome.DENIED) {
        for (Map.Entry<String, Long> other : account.granted.entrySet()) {
          if (!other.getKey().equals(jvm)
              && now() - jvms.getOrDefault(other.getKey(), 0L) > ALIVE_MILLIS) {
            lost += other.getValue() - account.spent.get(other.getKey());
          }
        }
      }
      account.total += has - before;
      account.used += request.used() - account.spent.getOrDefault(jvm, 0L);
      account.granted.put(jvm, has);
      account.spent.put(jvm, request.used());
      return new ShareAnswer(outcome, has, request.limit() - account.total, account.used, lost);
    }

    private ShareAnswer lend(String jvm, ShareRequest request) {
      accounts.values().removeIf(each -> each.expiresAt > 0 && each.expiresAt <= now());
      Account account = accounts.computeIfAbsent(request.account(), name -> new Account());
      since = since == 0 ? now() : since;
      long before = account.granted.getOrDefault(jvm, 0L);
      boolean contended = now() - account.lastWanted < 1_000;
      long most = request.limit();
      long promised = 0;
      long began =
          now() - account.wanted.getOrDefault(jvm, Long.MIN_VALUE / 2) < 1_000
              ? account.wantedSince.get(jvm)
              : now();
      if (request.need() > request.limit() - (account.total - before)
          || contended && request.need() > request.keep()) {
        new ArrayList<>(account.spokenAt.keySet())
            .stream()
                .filter(other -> !other.equals(jvm))
                .filter(other -> now() - account.spokenAt.get(other) > request.lentMillis())
                .forEach(account::forget);
        List<String> others = new ArrayList<>(account.granted.keySet());
        others.remove(jvm);
        account.wanted.values().removeIf(at -> now() - at >= 1_000);
        long parties =
            1
                + others.stream()
                    .filter(
                        other ->
                            account.wanted.containsKey(other) || account.granted.get(other) > 0)
                    .count();
        long fair = Math.max(1, request.limit() / parties);
        for (String other : others) {
          if (account.wanted.containsKey(other) && account.granted.get(other) < fair) {
            most =
                Math.max(fair, Math.max(request.keep(), request.keep() == 0 ? request.need() : 0));
            if (account.wantedSince.get(other) < began) {
              promised += account.lacking.get(other);
            }
          }
        }
      }
      long free = request.limit() - (account.total - before);
      long has = request.keep();
      Outcome outcome = Outcome.GRANTED;
      if (request.need() > request.keep() || request.ahead() > 0) {
        if (now() - since < RedisStore.COMING_BACK_MILLIS) {
          outcome = Outcome.TOO_EARLY;
        } else if (request.need() > request.keep()) {
          long mine = Math.min(free - promised, most);
          if (request.need() <= mine) {
            has = Math.min(mine, Math.max(request.need(), request.demand()));
            account.wanted.remove(jvm);
          } else {
            outcome = Outcome.DENIED;
            contended = true;
            account.wanted.put(jvm, now());
            account.wantedSince.put(jvm, began);
            account.lacking.put(jvm, request.need() - request.keep());
            account.lastWanted = now();
            recalls.put(request.account(), now());
          }
        }
        if (outcome == Outcome.GRANTED && !contended && request.ahead() > 0 && free > has) {
          has += Math.min(request.ahead(), (free - has) / 4);
        }
      }
      account.total += has - before;
      account.used += request.used() - account.spent.getOrDefault(jvm, 0L);
      account.granted.put(jvm, has);
      account.spent.put(jvm, request.used());
      account.spokenAt.put(jvm, now());
      account.expiresAt = request.expiresAt();
      return new ShareAnswer(outcome, has, request.limit() - account.total, account.used, 0);
    }

    @Override
    public void leave(String jvm) throws IOException {
      check();
      jvms.remove(jvm);
      processes.remove(jvm);
    }

    @Override
    public void close() {}
  }
}
