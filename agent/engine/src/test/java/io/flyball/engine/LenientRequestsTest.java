package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * However a request is written that some server takes, what it may be billed is reserved: what
 * cannot be read is at its dearest, and never nothing.
 */
class LenientRequestsTest {
  private static final String LIST = "in a list";
  private static final String SINGLE = "single quotes everywhere";
  private static final String DEEP = "among what is nested deep in the prompt";
  private static final String NO_JSON = "a word in the prompt that few take";

  /** Doubles, in the reference, are no better than that. */
  private static final double EXACT = 1 - 1e-9;

  private static final double MOST_USD = BudgetUnit.USD.amount(Long.MAX_VALUE).doubleValue();

  private static final int LEVELS = 1_100;

  @Provide
  Arbitrary<String> forms() {
    List<String> forms = new ArrayList<>(OddJson.kindsOfBodies());
    forms.addAll(Arrays.asList(LIST, SINGLE, DEEP, NO_JSON));
    return Arbitraries.of(forms);
  }

  @Property(tries = 600)
  void whateverParserTakesIt_whatMayBeBilledIsReserved(
      @ForAll long seed, @ForAll("forms") String form) throws Exception {
    DearestRequest request = DearestRequest.of(seed);
    List<BudgetState> odd = reserved(request, written(request.body(), form));

    assertThat(odd).as("seed " + seed + ", " + form).hasSize(2);
    for (BudgetState state : odd) {
      boolean usd = state.budget().unit() == BudgetUnit.USD;
      // What is in smallest parts saturates long after anybody could pay it.
      double billed =
          usd ? Math.min(MOST_USD, request.cost()) : Math.min(Long.MAX_VALUE, request.tokens());
      assertThat(
              usd
                  ? BudgetUnit.USD.amount(state.reserved()).doubleValue()
                  : (double) state.reserved())
          .as("seed " + seed + ", " + form + ", " + state.budget().unit())
          .isGreaterThanOrEqualTo(billed * EXACT);
    }
  }

  private static List<BudgetState> reserved(DearestRequest request, String body) throws Exception {
    return Reservations.of(
        request.model.url, OddJson.bytes(body), BudgetUnit.USD, BudgetUnit.TOKENS);
  }

  private static String written(String strict, String form) {
    switch (form) {
      case LIST:
        return "[" + strict + "]";
      case SINGLE:
        return strict.replace('"', '\'');
      case DEEP:
        return strict.replaceFirst(
            "\"text\":\"Hi\"",
            "\"text\":\"Hi\",\"odd\":" + OddJson.repeat("[", LEVELS) + OddJson.repeat("]", LEVELS));
      case NO_JSON:
        return strict.replaceFirst("\"text\":\"Hi\"", "\"text\":\"Hi\",\"odd\":[True,+1]");
      default:
        return OddJson.odd(strict, form);
    }
  }
}
