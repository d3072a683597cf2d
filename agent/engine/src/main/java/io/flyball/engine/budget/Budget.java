package io.flyball.engine.budget;

import io.flyball.engine.call.Attribution;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** A limit on what calls may take in a window of time. Immutable. */
public final class Budget {

  /** What each has an account of its own for. */
  public enum Dimension {
    TENANT,
    FEATURE,
    USER,
    MODEL
  }

  /** What happens to a call that does not fit. */
  public enum Action {
    /** It is refused. */
    BLOCK,
    /** It goes to a cheaper target. */
    DEGRADE,
    /** It gets the last good answer to the same request, or it is refused. */
    CACHE,
    /** It goes on; the user is told. */
    WARN
  }

  private final String name;
  private final BudgetUnit unit;
  private final long limit;
  private final BudgetWindow window;
  private final Set<Dimension> scope;
  private final Action action;
  private final String degradeTo;
  private final double alertAt;
  private final boolean openOnLoss;
  private final String family;

  /**
   * @param limit in the unit's smallest parts
   * @param scope empty for one account that all calls share
   * @param degradeTo name of the target of {@link Action#DEGRADE}; else null
   * @param alertAt share of the limit from which the user is told, 0 to 1
   */
  public Budget(
      String name,
      BudgetUnit unit,
      long limit,
      BudgetWindow window,
      Set<Dimension> scope,
      Action action,
      String degradeTo,
      double alertAt) {
    this(name, unit, limit, window, scope, action, degradeTo, alertAt, false);
  }

  private Budget(
      String name,
      BudgetUnit unit,
      long limit,
      BudgetWindow window,
      Set<Dimension> scope,
      Action action,
      String degradeTo,
      double alertAt,
      boolean openOnLoss) {
    this.openOnLoss = openOnLoss;
    this.name = Objects.requireNonNull(name, "name");
    this.unit = Objects.requireNonNull(unit, "unit");
    this.limit = limit;
    this.window = Objects.requireNonNull(window, "window");
    this.scope =
        scope.isEmpty()
            ? Collections.<Dimension>emptySet()
            : Collections.unmodifiableSet(EnumSet.copyOf(scope));
    this.action = Objects.requireNonNull(action, "action");
    this.degradeTo = degradeTo;
    this.alertAt = alertAt;
    this.family = unit.name() + this.scope + ' ' + name;
  }

  /**
   * The same budget; while the JVMs it is shared with cannot be asked, this one goes on by its own
   * account alone, up to the whole limit.
   */
  public Budget openOnLoss() {
    return new Budget(name, unit, limit, window, scope, action, degradeTo, alertAt, true);
  }

  boolean isOpenOnLoss() {
    return openOnLoss;
  }

  public String name() {
    return name;
  }

  public BudgetUnit unit() {
    return unit;
  }

  public long limit() {
    return limit;
  }

  public BudgetWindow window() {
    return window;
  }

  public Action action() {
    return action;
  }

  /** Null unless the action is {@link Action#DEGRADE}. */
  public String degradeTo() {
    return degradeTo;
  }

  double alertAt() {
    return alertAt;
  }

  /** Whether it stops calls. */
  boolean isHard() {
    return action != Action.WARN;
  }

  /** Which account a call is charged to; budgets that count something else share none. */
  AccountKey key(Attribution who, String model) {
    return new AccountKey(
        family,
        scope.contains(Dimension.TENANT) ? who.tenant() : null,
        scope.contains(Dimension.FEATURE) ? who.feature() : null,
        scope.contains(Dimension.USER) ? who.userHash() : null,
        scope.contains(Dimension.MODEL) ? model : null);
  }

  /** What the account is called where it is kept. */
  String stored(String account) {
    return unit.name() + scope + ' ' + account;
  }

  /**
   * How the account is called that a call is charged to. Parts are escaped, so that no tenant's
   * name can make it another's account.
   */
  String account(Attribution who, String model) {
    if (scope.isEmpty()) {
      return name;
    }
    StringBuilder account = new StringBuilder(name);
    for (Dimension dimension : scope) {
      account.append('|');
      append(account, value(dimension, who, model));
    }
    return account.toString();
  }

  private static String value(Dimension dimension, Attribution who, String model) {
    switch (dimension) {
      case TENANT:
        return who.tenant();
      case FEATURE:
        return who.feature();
      case USER:
        return who.userHash();
      default:
        return model;
    }
  }

  private static void append(StringBuilder account, String value) {
    if (value == null) {
      return;
    }
    account.append('=');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '|' || c == '\\') {
        account.append('\\');
      }
      account.append(c);
    }
  }
}
