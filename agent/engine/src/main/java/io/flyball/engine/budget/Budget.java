package io.flyball.engine.budget;

import io.flyball.engine.call.Attribution;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

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

  /** So many accounts a budget has where nothing else is said. */
  public static final int MAX_ACCOUNTS = 10_000;

  /** So that of two settings of one budget it is known which came later. */
  private static final AtomicLong MADE = new AtomicLong();

  private final long made = MADE.incrementAndGet();
  private final String name;
  private final BudgetUnit unit;
  private final long limit;
  private final BudgetWindow window;
  private final Set<Dimension> scope;
  private final Action action;
  private final String degradeTo;
  private final double alertAt;
  private final boolean openOnLoss;
  private final int maxAccounts;
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
    this(name, unit, limit, window, scope, action, degradeTo, alertAt, false, MAX_ACCOUNTS);
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
      boolean openOnLoss,
      int maxAccounts) {
    this.openOnLoss = openOnLoss;
    this.maxAccounts = maxAccounts;
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
    return new Budget(
        name, unit, limit, window, scope, action, degradeTo, alertAt, true, maxAccounts);
  }

  /**
   * The same budget with as many accounts at most; who comes when there are as many is charged to
   * one that all of those share.
   *
   * @param most at least 1
   */
  public Budget maxAccounts(int most) {
    return new Budget(
        name, unit, limit, window, scope, action, degradeTo, alertAt, openOnLoss, most);
  }

  /** Whether it is a later setting than that. */
  boolean isLaterThan(Budget other) {
    return made > other.made;
  }

  int maxAccounts() {
    return maxAccounts;
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

  /** What each has an account of its own for; empty for one account that all calls share. */
  public Set<Dimension> scope() {
    return scope;
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

  /** All accounts of this budget; those of budgets that count something else are of another. */
  String family() {
    return family;
  }

  /** Which account those are charged to who have none of their own. */
  AccountKey keyOfOthers() {
    return new AccountKey(family + '|', null, null, null, null);
  }

  /** How that is called. */
  String accountOfOthers() {
    return AccountName.ofOthers(this);
  }

  /** What the account is called where it is kept. */
  String stored(String account) {
    return unit.name() + scope + ' ' + account;
  }

  /** How the account is called that a call is charged to. */
  String account(Attribution who, String model) {
    return AccountName.of(this, who, model);
  }

  /**
   * The same in words, as users read it: {@code budget `day`, tenant acme, model gpt-4o}.
   *
   * @param account as {@link #account} calls it
   */
  String inWords(String account) {
    return AccountName.inWords(this, account);
  }
}
