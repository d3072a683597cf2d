package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A limit that is lowered holds, whatever the request called it before: every field that some
 * server takes for the limit says the lower one, or the request is left alone.
 */
class LoweredLimitTest {
  private static final long LOWER = 64;
  private static final Pattern LIMIT =
      Pattern.compile("(?i)\"max_(?:completion_|output_)?tokens\":([^,}]+)");

  private static final Protocols PROTOCOLS = new Protocols(Collections.emptyList());

  @Provide
  Arbitrary<String> limit() {
    Arbitrary<String> name =
        Arbitraries.of(
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "Max_Tokens",
            "MAX_COMPLETION_TOKENS");
    Arbitrary<String> value = Arbitraries.of("10000", "5", "0", "-1", "null", "\"700\"");
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(
            6, net.jqwik.api.Combinators.combine(name, value).as((n, v) -> "\"" + n + "\":" + v)),
        net.jqwik.api.Tuple.of(1, name.map(n -> "\"extra_body\":{\"" + n + "\":20000}")));
  }

  @Provide
  Arbitrary<List<String>> limits() {
    return limit().list().ofMaxSize(3);
  }

  @Property(tries = 1_500)
  void everyNameSaysTheLowerOne(
      @ForAll("limits") List<String> limits,
      @ForAll boolean compatible,
      @ForAll @net.jqwik.api.constraints.IntRange(min = 0, max = 2) int api) {
    String[] paths = {"/v1/chat/completions", "/v1/completions", "/v1/responses"};
    String[] prompts = {
      "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]",
      "\"prompt\":\"hi\"",
      "\"input\":\"hi\""
    };
    String more = limits.isEmpty() ? "" : "," + String.join(",", limits);
    byte[] body =
        ("{\"model\":\"m\"," + prompts[api] + more + "}").getBytes(StandardCharsets.UTF_8);
    RequestHead head =
        new RequestHead(
            "POST",
            "https",
            compatible ? "models.example" : "api.openai.com",
            443,
            paths[api],
            null,
            name -> null);
    RequestFacts facts = PROTOCOLS.recognise(head, body);
    byte[] lowered = facts.protocol().limitOutput(facts, body, LOWER);
    if (lowered == null) {
      return;
    }

    RequestFacts again = PROTOCOLS.recognise(head, lowered);
    assertThat(again.maxOutputTokens()).isEqualTo(LOWER);
    assertThat(again.outputUnlimited()).isFalse();
    Matcher each = LIMIT.matcher(new String(lowered, StandardCharsets.UTF_8));
    while (each.find()) {
      assertThat(each.group(1)).as(new String(lowered, StandardCharsets.UTF_8)).isEqualTo("64");
    }
  }
}
