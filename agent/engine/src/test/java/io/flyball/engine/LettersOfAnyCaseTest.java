package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Servers in Go read names in letters of any case: so what they may be billed is reserved. */
class LettersOfAnyCaseTest {
  private static final Pattern NAME = Pattern.compile("\"([A-Za-z_]+)\":");
  private static final String CHAT = "https://gateway.example/v1/chat/completions";

  /** Doubles, in the reference, are no better than that. */
  private static final double EXACT = 1 - 1e-9;

  @Property(tries = 600)
  void whateverCaseNamesAreIn_whatMayBeBilledIsReserved(@ForAll long seed) throws Exception {
    DearestRequest request = DearestRequest.of(seed);
    String body = inOtherLetters(request.body(), new Random(seed));
    List<BudgetState> states =
        Reservations.of(request.model.url, OddJson.bytes(body), BudgetUnit.USD, BudgetUnit.TOKENS);

    assertThat(states).as("seed " + seed).hasSize(2);
    for (BudgetState state : states) {
      boolean usd = state.budget().unit() == BudgetUnit.USD;
      double billed = usd ? request.cost() : request.tokens();
      double most =
          usd ? BudgetUnit.USD.amount(Long.MAX_VALUE).doubleValue() : (double) Long.MAX_VALUE;
      double reserved =
          usd ? BudgetUnit.USD.amount(state.reserved()).doubleValue() : (double) state.reserved();
      assertThat(reserved)
          .as("seed " + seed + ", " + state.budget().unit())
          .isGreaterThanOrEqualTo(Math.min(most, billed) * EXACT);
    }
  }

  /** Each name in small letters, in capitals, with a capital, as it is. */
  private static String inOtherLetters(String body, Random random) {
    Matcher names = NAME.matcher(body);
    StringBuffer other = new StringBuffer();
    while (names.find()) {
      String name = names.group(1);
      switch (random.nextInt(4)) {
        case 0:
          name = name.toLowerCase(Locale.ROOT);
          break;
        case 1:
          name = name.toUpperCase(Locale.ROOT);
          break;
        case 2:
          name = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
          break;
        default:
          break;
      }
      // What is no more than its schema, and what they call a function's parameters, is text.
      names.appendReplacement(other, Matcher.quoteReplacement("\"" + name + "\":"));
    }
    return names.appendTail(other).toString();
  }

  @Example
  void aNameInTwoCasesIsOneThatStandsTwice() throws Exception {
    String start = "{\"model\":\"gpt-4.1-nano\",\"messages\":[],\"max_tokens\":10";
    double dear =
        Reservations.dollars(CHAT, "{\"model\":\"gpt-4\",\"messages\":[],\"max_tokens\":4000}");
    assertThat(Reservations.dollars(CHAT, start + ",\"Model\":\"gpt-4\",\"Max_Tokens\":4000}"))
        .isGreaterThanOrEqualTo(dear);
    // The long s and the sign of Kelvin, which Go takes for an s and a k.
    assertThat(
            Reservations.dollars(
                CHAT, start + ",\"Model\":\"gpt-4\",\"max_to\u212aen\u017f\":4000}"))
        .isGreaterThanOrEqualTo(dear);
    assertThat(
            Reservations.dollars(CHAT, start + ",\"\\u004dodel\":\"gpt-4\",\"max_tokens\":4000}"))
        .isGreaterThanOrEqualTo(dear);
  }

  @Example
  void oneThatNobodyAskedToStreamIsNoStream() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(io.flyball.engine.pipeline.Policies.builder().build());
    String body = "{\"model\":\"gpt-4\",\"messages\":[],\"Stream\":true}";
    harness.callAt(CHAT, OddJson.bytes(body)).executeAsync(harness.upstream, Runnable::run);
    assertThat(OddJson.of(harness.upstream.sent.get(0).body())).isEqualTo(body);
  }
}
