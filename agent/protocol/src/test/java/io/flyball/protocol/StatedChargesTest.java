package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.answer.StatedCost;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers say of the price, and what they charge for beside tokens. */
class StatedChargesTest {
  private static final String TOKENS = "\"prompt_tokens\":194,\"completion_tokens\":2";

  private static Usage chat(String fields) {
    return Answers.read(Answers.CHAT, "{\"usage\":{" + TOKENS + "," + fields + "}}").usage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"cost\":0.95 | 0.95",
        "\"cost\":\"0.95\" | 0.95",
        "\"cost\":1e-7 | 0.0000001",
        // A key of one's own: the fee here, the rest there.
        "\"cost\":0.95,\"cost_details\":{\"upstream_inference_cost\":19} | 19.95",
        "\"is_byok\":true,\"cost\":0,\"cost_details\":{\"upstream_inference_cost\":19} | 19",
        "\"is_byok\":true,\"cost\":20,\"cost_details\":{\"upstream_inference_cost\":19} | 39",
        // The same amount twice is the same amount.
        "\"is_byok\":false,\"cost\":3,\"cost_details\":{\"upstream_inference_cost\":3} | 3",
        "\"is_byok\":false,\"cost\":3,\"cost_details\":{\"upstream_inference_cost\":9} | 3",
        "\"cost\":3,\"cost_details\":{\"upstream_inference_cost\":3} | 3",
        "\"cost\":3,\"cost_details\":{\"upstream_inference_cost\":null} | 3",
        // Free is free where it is itemised.
        "\"is_byok\":false,\"cost\":0 | 0",
        "\"cost\":0,\"cost_details\":{\"upstream_inference_cost\":null} | 0",
        "\"cost\":{\"input_tokens_cost\":1,\"total_cost\":7.5} | 7.5",
        "\"cost\":{\"total_cost\":7.5,\"currency\":\"usd\"} | 7.5",
        "\"cost_in_usd_ticks\":37756000 | 0.0037756",
        // The larger of what is said in several words.
        "\"cost_in_usd_ticks\":10,\"cost\":0.3 | 0.3",
        "\"cost_in_usd_ticks\":0,\"cost\":0.3 | 0.3",
        "\"cost\":{\"total_cost\":0},\"estimated_cost\":0.3 | 0.3",
        "\"cost\":0.3,\"cost\":{\"total_cost\":0.2} | 0.3",
        "\"estimated_cost\":2.68e-05 | 0.0000268",
        "\"cost\":0.95,\"cost\":null | 0.95",
        "\"cost\":0.95,\"cost\":0 | 0.95",
      })
  void isRead(String fields, BigDecimal usd) {
    assertThat(chat(fields).statedUsd()).isEqualByComparingTo(usd);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"cost\":0",
        "\"cost\":\"0\"",
        "\"cost\":null",
        "\"cost\":-1",
        "\"cost\":\"\"",
        "\"cost\":\"free\"",
        "\"cost\":true",
        "\"cost\":[]",
        "\"cost\":{}",
        "\"cost\":\"1e999999999\"",
        "\"estimated_cost\":0",
        "\"cost_in_usd_ticks\":0",
        "\"cost_in_usd_ticks\":\"0\"",
        "\"cost\":{\"total_cost\":0}",
        "\"cost_details\":{\"upstream_inference_cost\":0}",
        "\"cost\":0,\"cost_details\":{}",
        "\"is_byok\":true,\"cost\":0,\"cost_in_usd_ticks\":0",
        "\"cost\":3,\"currency\":\"CNY\"",
        "\"cost\":{\"total_cost\":7.5,\"currency\":\"EUR\"}",
        "\"cost_details\":{\"upstream_inference_cost\":null},\"cost\":-3,\"currency\":\"RUB\"",
      })
  void saysNothing(String fields) {
    assertThat(chat(fields).statedUsd()).isNull();
  }

  @Property(tries = 200)
  void everyAmountIsReadExactly(
      @ForAll @BigRange(min = "0.000000001", max = "1000") @Scale(9) BigDecimal amount,
      @ForAll @IntRange(min = 0, max = 2) int place) {
    String cost = "\"cost\":\"" + amount.toPlainString() + "\"";
    String usage = "{\"usage\":{" + TOKENS + "," + cost + "}}";
    String gateway = "\"provider_metadata\":{\"gateway\":{" + cost + "}}";
    String body =
        place == 0
            ? usage
            : place == 1
                ? "{" + gateway + ",\"usage\":{" + TOKENS + "}}"
                : "{\"choices\":[{\"message\":{" + gateway + "}}],\"usage\":{" + TOKENS + "}}";
    assertThat(Answers.read(Answers.CHAT, body).usage().statedUsd()).isEqualByComparingTo(amount);
  }

  @Test
  void aGatewayThatKnowsNoPriceSaysZero() {
    String body =
        "{\"provider_metadata\":{\"gateway\":{\"cost\":\"0\"}},\"usage\":{" + TOKENS + "}}";

    assertThat(Answers.read(Answers.CHAT, body).usage().statedUsd()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"CNY, before", "EUR, behind", "usd, before", "USD, behind"})
  void aCurrencyBesideTheUsageIsThatOfItsPrices(String currency, String place) {
    String said = "\"currency\":\"" + currency + "\"";
    String usage = "\"usage\":{" + TOKENS + ",\"cost\":0.25,\"input_tokens\":194}";
    String body =
        place.equals("before") ? "{" + said + "," + usage + "}" : "{" + usage + "," + said + "}";
    BigDecimal dollars = currency.equalsIgnoreCase("usd") ? new BigDecimal("0.25") : null;

    for (RequestFacts call :
        new RequestFacts[] {Answers.CHAT, Answers.RESPONSES, Answers.MESSAGES}) {
      assertThat(Answers.read(call, body).usage().statedUsd()).isEqualTo(dollars);
    }
  }

  /** What choices and the parts of a list say they cost, is added as their tokens are. */
  @Property(tries = 300)
  void whatPartsCostIsTheSum(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 1_000_000) Integer> micros,
      @ForAll @IntRange(min = 0, max = 2) int place,
      @ForAll boolean oneIsUnsaid) {
    BigDecimal sum = BigDecimal.ZERO;
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < micros.size(); i++) {
      BigDecimal cost = BigDecimal.valueOf(micros.get(i), 6);
      boolean unsaid = oneIsUnsaid && i == 0;
      sum = sum.add(cost);
      parts.add("{" + TOKENS + (unsaid ? "" : ",\"cost\":" + cost.toPlainString()) + "}");
    }
    StringBuilder choices = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      // Choices without a number are in order.
      choices
          .append(i == 0 ? "" : ",")
          .append(place == 1 ? "{\"index\":" + i + ",\"usage\":" : "{\"usage\":")
          .append(parts.get(i))
          .append('}');
    }
    String body =
        place == 0
            ? "{\"usage\":[" + String.join(",", parts) + "]}"
            : "{\"choices\":[" + choices + "]}";
    Usage usage = Answers.read(Answers.CHAT, body).usage();

    assertThat(usage.input()).isEqualTo(194L * parts.size());
    if (oneIsUnsaid) {
      assertThat(usage.statedUsd()).as("what the others cost is not all").isNull();
    } else {
      assertThat(usage.statedUsd()).isEqualByComparingTo(sum);
    }
  }

  @Test
  void ofAHeaderThatStandsTwiceTheLargerHolds() {
    assertThat(StatedCost.reckoned(name -> Arrays.asList("0.01", "0.05", "0", "x")))
        .isEqualByComparingTo("0.05");
    assertThat(StatedCost.reckoned(name -> Collections.singletonList("0"))).isNull();
    assertThat(StatedCost.reckoned(name -> Collections.<String>emptyList())).isNull();
  }

  @Test
  void placeholdersAtTheEndOfAStreamTakeNothingBack() {
    String stream =
        "data: {\"usage\":{"
            + TOKENS
            + ",\"cost\":0.5}}\n\n"
            + "data: {\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"cost\":0}}\n\n"
            + "data: [DONE]\n\n";
    Usage usage = Answers.read(Answers.CHAT, stream).usage();

    assertThat(usage.input()).isEqualTo(194);
    assertThat(usage.statedUsd()).isEqualByComparingTo("0.5");
  }

  @Test
  void whatCompactingAConversationTookIsAdded() {
    Usage usage =
        Answers.read(
                Answers.MESSAGES,
                "{\"usage\":{\"input_tokens\":23000,\"output_tokens\":1000,\"cost\":null,"
                    + "\"iterations\":[{\"type\":\"compaction\",\"input_tokens\":180000,"
                    + "\"output_tokens\":3500,\"cache_read_input_tokens\":7},"
                    + "{\"type\":\"message\",\"input_tokens\":23000,\"output_tokens\":1000}]}}")
            .usage();

    assertThat(usage.input()).isEqualTo(203_007);
    assertThat(usage.cacheRead()).isEqualTo(7);
    assertThat(usage.output()).isEqualTo(4_500);
    assertThat(usage.incomplete()).isFalse();
  }

  @Test
  void anotherModelsAdviceIsNotPricedAsThisOnes() {
    Usage usage =
        Answers.read(
                Answers.MESSAGES,
                "{\"usage\":{\"input_tokens\":23,\"output_tokens\":10,\"iterations\":[{\"type\":"
                    + "\"advisor_message\",\"model\":\"claude-opus-5\",\"input_tokens\":9}]}}")
            .usage();

    assertThat(usage.incomplete()).isTrue();
    assertThat(usage.input()).isEqualTo(23);
  }

  @Test
  void imagesOfAnotherModelAreNotPricedAsText() {
    String answer =
        "{\"status\":\"completed\",\"output\":[{\"type\":\"image_generation_call\"}],"
            + "\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}";

    assertThat(Answers.read(Answers.RESPONSES, answer).usage().incomplete()).isTrue();
  }

  @Test
  void backgroundAnswersGoOn() {
    String queued = "{\"status\":\"queued\",\"background\":true,\"output\":[]}";
    String created =
        "data: {\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\","
            + "\"background\":%s}}\n\n";

    assertThat(Answers.read(Answers.RESPONSES, queued).goesOn()).isTrue();
    assertThat(Answers.read(Answers.RESPONSES, String.format(created, true)).goesOn()).isTrue();
    assertThat(Answers.read(Answers.RESPONSES, String.format(created, false)).goesOn()).isFalse();
    assertThat(
            Answers.read(Answers.RESPONSES, "{\"status\":\"completed\",\"background\":true}")
                .goesOn())
        .isFalse();
  }

  @Test
  void speedAndRegionArePartOfThePrice() {
    ResponseFacts facts =
        Answers.read(
            Answers.MESSAGES,
            "{\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"speed\":\"fast\","
                + "\"inference_geo\":\"us\",\"service_tier\":\"standard\"}}");

    assertThat(facts.speed()).isEqualTo("fast");
    assertThat(facts.region()).isEqualTo("us");
  }
}
