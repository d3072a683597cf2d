package io.flyball.engine.limit;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The limits of one value of a scope. Guarded by the limiter's lock. */
final class KeyGate extends Gate {
  private final LimitScope scope;
  private final String value;
  private final Quota.Places places = new Quota.Places();
  private final Quota.Minute requests;
  private final Quota.Minute tokens;
  private final List<Quota> quotas;
  private Limits limits;

  /**
   * @param origin where the seconds begin in which it counts; the same for all, so that those who
   *     wait for several gates find them open at the same time
   */
  KeyGate(LimitScope scope, String value, long origin) {
    this.scope = scope;
    this.value = value;
    this.requests = new Quota.Minute(LimitKind.REQUESTS, origin);
    this.tokens = new Quota.Minute(LimitKind.TOKENS, origin);
    this.quotas = Arrays.asList(places, requests, tokens);
  }

  LimitScope scope() {
    return scope;
  }

  String value() {
    return value;
  }

  /**
   * From now on these hold.
   *
   * @param sharing null where they are this JVM's alone
   */
  void limit(Limits next, LimitShare.Maker sharing) {
    limits = next;
    places.limit(next.concurrency(), sharing);
    requests.limit(next.rpm(), sharing);
    tokens.limit(next.tpm(), sharing);
  }

  void eachShareInUse(long now, Consumer<LimitShare> action) {
    for (Quota quota : quotas) {
      if (quota.share() != null && (quota.share().granted() > 0 || quota.used(now) > 0)) {
        action.accept(quota.share());
      }
    }
  }

  @Override
  void forget() {
    quotas.forEach(Quota::forget);
  }

  @Override
  long nanosUntil(long amount, long now) {
    long none = places.nanosUntil(1, now);
    return none == Long.MAX_VALUE
        ? none
        : Math.max(none, Math.max(requests.nanosUntil(1, now), tokens.nanosUntil(amount, now)));
  }

  @Override
  void ask(long amount, long now) {
    if (places.nanosUntil(1, now) > 0) {
      places.ask(1, waiting, now);
    }
    if (requests.nanosUntil(1, now) > 0) {
      requests.ask(1, waiting, now);
    }
    if (tokens.nanosUntil(amount, now) > 0) {
      tokens.ask(amount, waitingTokens, now);
    }
  }

  @Override
  boolean isAsking() {
    return places.isAsking() || requests.isAsking() || tokens.isAsking();
  }

  @Override
  Hold take(long amount, long now) {
    places.take(now);
    return new KeyHold(
        requests.isLimited() ? requests.add(1, now) : null,
        tokens.isLimited() ? tokens.add(amount, now) : null);
  }

  @Override
  Refusal refusal(long amount, long now) {
    if (places.nanosUntil(1, now) > 0) {
      return new Refusal(LimitKind.CONCURRENCY, scope, -1);
    }
    long tooManyRequests = requests.nanosUntil(1, now);
    if (tooManyRequests > 0) {
      return new Refusal(LimitKind.REQUESTS, scope, tooManyRequests);
    }
    long tooManyTokens = tokens.nanosUntil(amount, now);
    if (tooManyTokens > 0) {
      return new Refusal(LimitKind.TOKENS, scope, tooManyTokens);
    }
    return new Refusal(usualKind(), scope, -1);
  }

  /** What others who came before probably wait for. */
  private LimitKind usualKind() {
    for (Quota quota : quotas) {
      if (quota.isLimited()) {
        return quota.kind();
      }
    }
    return LimitKind.TOKENS;
  }

  @Override
  boolean isInUse() {
    return places.used(0) > 0 || waiting > 0;
  }

  LimitState state(long now) {
    Map<LimitKind, Long> leased = new EnumMap<>(LimitKind.class);
    for (Quota quota : quotas) {
      if (quota.share() != null) {
        leased.put(quota.kind(), Math.max(quota.share().granted(), quota.used(now)));
      }
    }
    return new LimitState(
        scope,
        value,
        limits,
        places.used(now),
        requests.isLimited() ? requests.used(now) : 0,
        tokens.isLimited() ? tokens.used(now) : 0,
        waiting,
        leased);
  }

  private final class KeyHold extends Hold {
    private final SlidingMinute.Entry request;
    private final SlidingMinute.Entry counted;

    KeyHold(SlidingMinute.Entry request, SlidingMinute.Entry counted) {
      super(KeyGate.this);
      this.request = request;
      this.counted = counted;
    }

    @Override
    void end(long now) {
      places.giveBack(now);
    }

    @Override
    void adjust(long more, long now) {
      if (counted == null) {
        return;
      }
      if (more > 0) {
        tokens.add(more, now);
      } else {
        tokens.takeBack(counted, -more, now);
      }
    }

    @Override
    void giveBack(long now) {
      if (request != null) {
        requests.takeBack(request, 1, now);
      }
    }
  }
}
