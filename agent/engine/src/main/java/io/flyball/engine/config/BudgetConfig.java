package io.flyball.engine.config;

import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.NameKind;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code flyball.budget.*}: what calls may take in a window of time. */
public final class BudgetConfig {
  private static final String DEGRADE = "degrade:";
  private static final String GLOBAL = "global";
  private static final Pattern LIMIT =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?) ?([kM]?) ?((?i:USD)|tokens?|calls?)");

  /** What a limit says. Immutable. */
  static final class Limit {
    final BudgetUnit unit;
    final long parts;

    Limit(BudgetUnit unit, long parts) {
      this.unit = unit;
      this.parts = parts;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Limit
          && ((Limit) other).unit == unit
          && ((Limit) other).parts == parts;
    }

    @Override
    public int hashCode() {
      return Objects.hash(unit, parts);
    }
  }

  /** What an action says. Immutable. */
  static final class Reaction {
    final Budget.Action action;
    final String target;

    Reaction(Budget.Action action, String target) {
      this.action = action;
      this.target = target;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Reaction
          && ((Reaction) other).action == action
          && Objects.equals(((Reaction) other).target, target);
    }

    @Override
    public int hashCode() {
      return Objects.hash(action, target);
    }
  }

  private static final ValueType<Limit> LIMITS =
      new ValueType<Limit>() {
        @Override
        public Limit parse(String text) throws InvalidValueException {
          Matcher written = LIMIT.matcher(text);
          if (written.matches()) {
            String unit = written.group(3);
            BudgetUnit of =
                unit.equalsIgnoreCase("USD")
                    ? BudgetUnit.USD
                    : unit.startsWith("token") ? BudgetUnit.TOKENS : BudgetUnit.CALLS;
            int zeros = written.group(2).isEmpty() ? 0 : written.group(2).equals("k") ? 3 : 6;
            BigDecimal amount = new BigDecimal(written.group(1)).movePointRight(zeros);
            long parts = of.parts(amount);
            if (parts < Long.MAX_VALUE && of.amount(parts).compareTo(amount) == 0) {
              return new Limit(of, parts);
            }
          }
          throw InvalidValueException.mustBe("an amount such as 50 USD, 2M tokens or 1000 calls");
        }
      };

  private static final ValueType<String> WINDOWS =
      new ValueType<String>() {
        @Override
        public String parse(String text) throws InvalidValueException {
          try {
            BudgetWindow.of(text, ZoneOffset.UTC);
            return text;
          } catch (IllegalArgumentException e) {
            throw InvalidValueException.mustBe(e.getMessage());
          }
        }
      };

  private static final ValueType<ZoneId> ZONES =
      new ValueType<ZoneId>() {
        @Override
        public ZoneId parse(String text) throws InvalidValueException {
          try {
            return ZoneId.of(text);
          } catch (DateTimeException e) {
            throw InvalidValueException.mustBe("a time zone such as UTC or Europe/Berlin");
          }
        }
      };

  private static final ValueType<Set<Budget.Dimension>> SCOPES =
      new ValueType<Set<Budget.Dimension>>() {
        @Override
        public Set<Budget.Dimension> parse(String text) throws InvalidValueException {
          Set<Budget.Dimension> scope = EnumSet.noneOf(Budget.Dimension.class);
          if (text.equals(GLOBAL)) {
            return Collections.unmodifiableSet(scope);
          }
          for (String part : text.split("\\+", -1)) {
            scope.add(dimension(part.trim()));
          }
          return Collections.unmodifiableSet(scope);
        }

        private Budget.Dimension dimension(String word) throws InvalidValueException {
          for (Budget.Dimension dimension : Budget.Dimension.values()) {
            if (dimension.name().toLowerCase(Locale.ROOT).equals(word)) {
              return dimension;
            }
          }
          throw InvalidValueException.mustBe(
              "global, or one or several of tenant, feature, user and model, such as tenant+model");
        }
      };

  private static final ValueType<Reaction> ACTIONS =
      new ValueType<Reaction>() {
        @Override
        public Reaction parse(String text) throws InvalidValueException {
          switch (text) {
            case "block":
              return new Reaction(Budget.Action.BLOCK, null);
            case "cache":
              return new Reaction(Budget.Action.CACHE, null);
            case "warn":
              return new Reaction(Budget.Action.WARN, null);
            default:
              String target =
                  text.startsWith(DEGRADE) ? text.substring(DEGRADE.length()).trim() : "";
              if (NameKind.NAME.allows(target)) {
                return new Reaction(Budget.Action.DEGRADE, target);
              }
              throw InvalidValueException.mustBe("block, degrade:<target>, cache or warn");
          }
        }
      };

  /** What becomes of a budget when the JVMs it is shared with cannot be asked. */
  enum OnLoss {
    CLOSED,
    OPEN
  }

  /** What becomes of models nobody knows a price for. */
  enum Unpriced {
    REFUSE,
    ADMIT
  }

  static final Property<Limit> LIMIT_OF =
      Property.of(
              "budget.<name>.limit",
              LIMITS,
              "How much may be taken in one window: US dollars, tokens (prompt and answer together)"
                  + " or calls.")
          .example("50 USD");
  static final Property<String> WINDOW =
      Property.of(
              "budget.<name>.window",
              WINDOWS,
              "Of the calendar: minutes, hours, days (`7d` begins on Monday) or months (`1mo`).")
          .defaultsTo("1d")
          .needing(LIMIT_OF);
  static final Property<ZoneId> ZONE =
      Property.of("budget.<name>.zone", ZONES, "The time zone its windows begin in.")
          .defaultsTo("UTC")
          .example("Europe/Berlin")
          .needing(LIMIT_OF);
  static final Property<Set<Budget.Dimension>> SCOPE =
      Property.of(
              "budget.<name>.scope",
              SCOPES,
              "`global`: all calls share it. Else each `tenant`, `feature`, `user` or `model` has as"
                  + " much, or each combination of several: `tenant+model`.")
          .defaultsTo("global")
          .example("tenant")
          .needing(LIMIT_OF);
  static final Property<Reaction> ACTION =
      Property.of(
              "budget.<name>.action",
              ACTIONS,
              "What happens to a call that does not fit: `block` refuses it, `degrade:<target>` sends"
                  + " it to that target where the same budget pays for it there, else it is refused"
                  + " (useless for budgets of calls), `cache` answers with the last good answer to"
                  + " the same request, `warn` lets it pass and tells you.")
          .defaultsTo("block")
          .example("degrade:small")
          .naming(TargetConfig.URL, BudgetConfig::targetsIn)
          .needing(LIMIT_OF);
  static final Property<Double> ALERT_AT =
      Property.of(
              "budget.<name>.alert-at",
              ValueType.percent(),
              "You are told, once in a window, when that much of it is spent, and when all of it is.")
          .defaultsTo("80%")
          .needing(LIMIT_OF);
  static final Property<OnLoss> ON_REDIS_LOSS =
      Property.of(
              "budget.<name>.on-redis-loss",
              ValueType.oneOf(OnLoss.class),
              "Where the budget is shared through Redis and that is away: `closed` spends what this"
                  + " JVM has leased and then refuses, `open` goes on by this JVM's own account, up to"
                  + " the whole limit.")
          .defaultsTo("closed")
          .example("open")
          .needing(LIMIT_OF);
  static final Property<Integer> MAX_ACCOUNTS =
      Property.of(
              "budget.<name>.max-accounts",
              ValueType.wholeNumber(1, 10_000_000),
              "So many tenants, users and so on have an account of their own at once. Whoever comes"
                  + " when all of those have spent something in this window shares one account with"
                  + " all others who do, which has the same limit.")
          .defaultsTo(String.valueOf(Budget.MAX_ACCOUNTS))
          .needing(LIMIT_OF);
  static final Property<Unpriced> UNPRICED =
      Property.of(
              "budget.unpriced",
              ValueType.oneOf(Unpriced.class),
              "What happens to calls of models without a known price where a budget of money applies:"
                  + " `refuse`, or `admit` at no cost.")
          .defaultsTo("refuse")
          .example("admit");
  public static final Section<BudgetConfig> SECTION =
      Section.of(
          "Budgets",
          "Any number; `<name>` is yours to choose. A call is let through when all its budgets can pay"
              + " for it at its most expensive; what it did cost replaces that when it has ended.",
          BudgetConfig::new,
          LIMIT_OF,
          WINDOW,
          ZONE,
          SCOPE,
          ACTION,
          ALERT_AT,
          ON_REDIS_LOSS,
          MAX_ACCOUNTS,
          UNPRICED);

  private final List<Budget> all;
  private final boolean admitsUnpriced;

  BudgetConfig(Values values) {
    List<Budget> budgets = new ArrayList<>();
    for (String name : values.names(LIMIT_OF)) {
      Limit limit = values.get(LIMIT_OF, name);
      Reaction reaction = values.getOrDefault(ACTION, name);
      Budget budget =
          new Budget(
                  name,
                  limit.unit,
                  limit.parts,
                  BudgetWindow.of(
                      values.getOrDefault(WINDOW, name), values.getOrDefault(ZONE, name)),
                  values.getOrDefault(SCOPE, name),
                  reaction.action,
                  reaction.target,
                  values.getOrDefault(ALERT_AT, name))
              .maxAccounts(values.getOrDefault(MAX_ACCOUNTS, name));
      budgets.add(
          values.getOrDefault(ON_REDIS_LOSS, name) == OnLoss.OPEN ? budget.openOnLoss() : budget);
    }
    this.all = Collections.unmodifiableList(budgets);
    this.admitsUnpriced = values.get(UNPRICED) == Unpriced.ADMIT;
  }

  private static List<String> targetsIn(Reaction reaction) {
    return reaction.target == null
        ? Collections.<String>emptyList()
        : Collections.singletonList(reaction.target);
  }

  /** Sorted by name. */
  public List<Budget> all() {
    return all;
  }

  /** Whether models without a known price may be used where a budget of money applies. */
  public boolean admitsUnpriced() {
    return admitsUnpriced;
  }
}
