package io.flyball.engine.budget;

import io.flyball.engine.budget.Budget.Dimension;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.content.ShownNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How accounts are called: for machines {@code day|=acme|=gpt-4o}, where a part without a value is
 * empty; for people in words. Of a model's name only what may be shown is in it, with a hash behind
 * it where that is not all.
 */
final class AccountName {
  private static final char BEHIND = '|';
  private static final char VALUE = '=';
  private static final char ESCAPE = '\\';
  private static final String OTHERS = "(others)";

  private AccountName() {}

  /** Parts are escaped, so that no tenant's name can make it another's account. */
  static String of(Budget budget, Attribution who, String model) {
    if (budget.scope().isEmpty()) {
      return budget.name();
    }
    StringBuilder account = new StringBuilder(budget.name());
    for (Dimension dimension : budget.scope()) {
      account.append(BEHIND);
      append(account, value(dimension, who, model));
    }
    return account.toString();
  }

  /** What stands behind the name is neither empty nor a value, so it is nobody's. */
  static String ofOthers(Budget budget) {
    return budget.name() + BEHIND + OTHERS;
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
        // Accounts are kept in files, shown and logged by their names.
        return ShownNames.ofThisJvm().told(model);
    }
  }

  private static void append(StringBuilder account, String value) {
    if (value == null) {
      return;
    }
    account.append(VALUE);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == BEHIND || c == ESCAPE) {
        account.append(ESCAPE);
      }
      account.append(c);
    }
  }

  static String inWords(Budget budget, String account) {
    StringBuilder words = new StringBuilder("budget `").append(budget.name()).append('`');
    if (account.equals(ofOthers(budget))) {
      return words.append(", all others together").toString();
    }
    List<String> values = values(account, budget.name().length());
    int index = 0;
    for (Dimension dimension : budget.scope()) {
      String value = index < values.size() ? values.get(index) : null;
      String what = dimension.name().toLowerCase(Locale.ROOT);
      words.append(value == null ? ", no " + what : ", " + what + ' ' + value);
      index++;
    }
    return words.toString();
  }

  /** What stands behind the name; null where there is no value. */
  private static List<String> values(String account, int nameLength) {
    List<String> values = new ArrayList<>();
    StringBuilder value = null;
    for (int i = nameLength; i <= account.length(); i++) {
      char c = i == account.length() ? BEHIND : account.charAt(i);
      if (c == BEHIND) {
        if (i > nameLength) {
          values.add(value == null ? null : value.toString());
        }
        value = null;
      } else if (value == null) {
        value = new StringBuilder();
      } else {
        value.append(c == ESCAPE ? account.charAt(++i) : c);
      }
    }
    return values;
  }
}
