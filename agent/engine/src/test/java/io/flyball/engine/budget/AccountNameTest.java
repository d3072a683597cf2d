package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.Budget.Dimension;
import io.flyball.engine.call.Attribution;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What users read of an account, and what machines do. */
class AccountNameTest {

  private static Budget budget(String name, Collection<Dimension> scope) {
    return new Budget(
        name,
        BudgetUnit.CALLS,
        1,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        scope.isEmpty() ? EnumSet.noneOf(Dimension.class) : EnumSet.copyOf(scope),
        Budget.Action.BLOCK,
        null,
        1);
  }

  private static Attribution who(String tenant, String feature) {
    return new Attribution(tenant, feature, null, null, null, null);
  }

  private static String inWords(Budget budget, Attribution who, String model) {
    return budget.inWords(budget.account(who, model));
  }

  @Test
  void peopleReadWords() {
    List<Dimension> both = Arrays.asList(Dimension.TENANT, Dimension.MODEL);
    assertThat(inWords(budget("day", Collections.emptyList()), Attribution.NONE, "m"))
        .isEqualTo("budget `day`");
    assertThat(budget("day", both).account(who("acme", null), "gpt-4o"))
        .isEqualTo("day|=acme|=gpt-4o");
    assertThat(inWords(budget("day", both), who("acme", null), "gpt-4o"))
        .isEqualTo("budget `day`, tenant acme, model gpt-4o");
    assertThat(inWords(budget("day", both), Attribution.NONE, "gpt-4o"))
        .isEqualTo("budget `day`, no tenant, model gpt-4o");
    assertThat(inWords(budget("day", both), who("", null), null))
        .isEqualTo("budget `day`, tenant , no model");
  }

  /** However names are written. */
  @Property(tries = 500)
  void valuesAreReadAsTheyWere(@ForAll String tenant, @ForAll String feature) {
    Budget budget = budget("b|=x", Arrays.asList(Dimension.TENANT, Dimension.FEATURE));
    assertThat(inWords(budget, who(tenant, feature), null))
        .isEqualTo("budget `b|=x`, tenant " + tenant + ", feature " + feature);
  }

  /** It is kept in a file, shown and logged. */
  @Test
  void whatMayNotBeShownOfAModelIsInNoAccountsName() {
    Budget budget = budget("day", Collections.singletonList(Dimension.MODEL));
    String one = budget.account(Attribution.NONE, "my password is hunter2");
    assertThat(one).matches("day\\|=other #[0-9a-f]{16}");
    assertThat(budget.inWords(one)).matches("budget `day`, model other #[0-9a-f]{16}");
    assertThat(budget.account(Attribution.NONE, "my password is hunter3")).isNotEqualTo(one);
    assertThat(budget.account(Attribution.NONE, one.substring("day|=".length()))).isNotEqualTo(one);
    assertThat(budget.account(Attribution.NONE, "sk-proj-abcdefghijklmnop1234"))
        .matches("day\\|=\\[key] #[0-9a-f]{16}");
  }

  @Test
  void oneIsSaidAsOne() {
    assertThat(BudgetUnit.CALLS.inWords(1)).isEqualTo("1 call");
    assertThat(BudgetUnit.TOKENS.inWords(1)).isEqualTo("1 token");
    assertThat(BudgetUnit.CALLS.inWords(0)).isEqualTo("0 calls");
    assertThat(BudgetUnit.TOKENS.inWords(21)).isEqualTo("21 tokens");
  }
}
