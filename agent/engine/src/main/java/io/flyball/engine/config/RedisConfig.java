package io.flyball.engine.config;

import io.flyball.engine.fleet.RedisAddress;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.Property;
import io.flyball.settings.Secret;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;
import java.util.Objects;

/** {@code flyball.redis.*}: what this JVM shares with others. */
public final class RedisConfig {
  private static final String EXACT = "exact";
  private static final ValueType<Double> PERCENT = ValueType.percent();

  /** How much is leased ahead. Immutable. */
  static final class Slice {
    final double share;
    final boolean exact;

    Slice(double share, boolean exact) {
      this.share = share;
      this.exact = exact;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Slice
          && ((Slice) other).exact == exact
          && Double.compare(((Slice) other).share, share) == 0;
    }

    @Override
    public int hashCode() {
      return Objects.hash(share, exact);
    }
  }

  private static final ValueType<RedisAddress> ADDRESSES =
      new ValueType<RedisAddress>() {
        @Override
        public RedisAddress parse(String text) throws InvalidValueException {
          try {
            return RedisAddress.of(text);
          } catch (IllegalArgumentException e) {
            throw InvalidValueException.sensitiveMustBe(e.getMessage());
          }
        }

        @Override
        public boolean isSecret() {
          return true;
        }
      };

  private static final ValueType<Slice> SLICES =
      new ValueType<Slice>() {
        @Override
        public Slice parse(String text) throws InvalidValueException {
          if (text.equals(EXACT)) {
            return new Slice(0, true);
          }
          try {
            return new Slice(PERCENT.parse(text), false);
          } catch (InvalidValueException e) {
            throw InvalidValueException.mustBe("a share of the limit such as 2%, or exact");
          }
        }
      };

  private static final ValueType<String> PREFIXES =
      new ValueType<String>() {
        @Override
        public String parse(String text) throws InvalidValueException {
          if (text.matches("[A-Za-z0-9._:-]{1,64}")) {
            return text;
          }
          throw InvalidValueException.mustBe("1 to 64 letters, digits, dots, colons, _ or -");
        }
      };

  static final Property<RedisAddress> URL =
      Property.of(
              "redis.url",
              ADDRESSES,
              "A Redis 6 or later, or a Valkey, that JVMs share their budgets through:"
                  + " `redis[s]://[user[:password]@]host[:port][/database]`, `rediss` for TLS."
                  + " Never shown, because it may hold a password.")
          .defaultNote("none: nothing is shared")
          .example("redis://redis.internal:6379/0")
          .needingRestart();
  static final Property<String> USER =
      Property.of("redis.user", ValueType.text(), "Who asks; wins over that of the URL.")
          .defaultNote("that of the URL")
          .example("flyball")
          .needing(URL)
          .needingRestart();
  static final Property<Secret> PASSWORD =
      Property.of(
              "redis.password",
              ValueType.secret(),
              "Its password; wins over that of the URL. Give a reference, not the password itself.")
          .defaultNote("that of the URL")
          .example("${file:/run/secrets/redis-password}")
          .needing(URL)
          .needingRestart();
  static final Property<String> PREFIX =
      Property.of(
              "redis.prefix",
              PREFIXES,
              "What all keys begin with. JVMs with the same one are a fleet.")
          .defaultsTo("flyball")
          .example("flyball-staging")
          .needingRestart();
  static final Property<Slice> SLICE =
      Property.of(
              "redis.slice",
              SLICES,
              "How much of a budget's limit a JVM leases ahead at most, so that calls need not ask"
                  + " Redis. `exact`: nothing, and every call asks.")
          .defaultsTo("2%")
          .example("exact")
          .needingRestart();
  static final Property<Duration> TIMEOUT =
      Property.of(
              "redis.timeout",
              ValueType.duration("10ms", "10s"),
              "What takes longer, connecting or an answer, counts as Redis being away.")
          .defaultsTo("500ms")
          .needingRestart();
  public static final Section<RedisConfig> SECTION =
      Section.of(
          "Fleets",
          "Several JVMs with one budget: see [fleet.md](fleet.md).",
          RedisConfig::new,
          URL,
          USER,
          PASSWORD,
          PREFIX,
          SLICE,
          TIMEOUT);

  private final RedisAddress address;
  private final String prefix;
  private final Slice slice;
  private final Duration timeout;

  RedisConfig(Values values) {
    RedisAddress url = values.get(URL);
    Secret password = values.get(PASSWORD);
    this.address =
        url == null
            ? null
            : url.with(values.get(USER), password == null ? null : password.reveal());
    this.prefix = values.get(PREFIX);
    this.slice = values.get(SLICE);
    this.timeout = values.get(TIMEOUT);
  }

  /** Null: nothing is shared. */
  public RedisAddress address() {
    return address;
  }

  public String prefix() {
    return prefix;
  }

  /** What a JVM leases ahead at most; a share of the limit, 0 to 1. */
  public double slice() {
    return slice.share;
  }

  /** Whether every reservation is asked for. */
  public boolean isExact() {
    return slice.exact;
  }

  public Duration timeout() {
    return timeout;
  }
}
