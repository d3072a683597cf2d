package io.flyball.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.WireRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of sources, what they may look like, and that users are never kept. */
class AttributionRulesTest {

  private static WireRequest request(String... headers) {
    return new WireRequest(
        "POST", URI.create("https://models.example/v1"), Headers.of(headers), new byte[0]);
  }

  private static Attribution attribution(AttributionRules rules, WireRequest request) {
    return rules.attribute(request, rules.origin());
  }

  private static AttributionRules rules(AttributionKey key, String... sources) {
    Map<AttributionKey, List<String>> byKey = new EnumMap<>(AttributionKey.class);
    byKey.put(key, Arrays.asList(sources));
    return new AttributionRules("shop", byKey, InitialisedClasses.NONE);
  }

  @Test
  void theFirstSourceThatYieldsWins() {
    AttributionRules rules =
        rules(AttributionKey.TENANT, "header:X-Org", "header:X-Team", "const:nobody");
    assertThat(attribution(rules, request("x-team", "blue", "x-org", "acme")).tenant())
        .isEqualTo("acme");
    assertThat(attribution(rules, request("x-team", "blue", "x-org", "")).tenant())
        .isEqualTo("blue");
    assertThat(attribution(rules, request()).tenant()).isEqualTo("nobody");
  }

  @Test
  void ourOwnHeadersComeFirstWhateverIsConfigured() {
    AttributionRules rules = rules(AttributionKey.FEATURE, "const:other");
    assertThat(attribution(rules, request("X-Flyball-Feature", "search")).feature())
        .isEqualTo("search");
    Attribution all =
        attribution(
            AttributionRules.defaults("shop"),
            request("x-flyball-tenant", "acme", "x-flyball-prompt-version", "v7"));
    assertThat(all.tenant()).isEqualTo("acme");
    assertThat(all.promptVersion()).isEqualTo("v7");
    assertThat(all.locale()).isNull();
  }

  @Test
  void usersAreHashedWithTheServiceAsSalt() {
    String hash =
        attribution(AttributionRules.defaults("shop"), request("x-flyball-user", "eve")).userHash();
    assertThat(hash).matches("[0-9a-f]{16}").doesNotContain("eve");
    assertThat(
            attribution(AttributionRules.defaults("shop"), request("x-flyball-user", "eve"))
                .userHash())
        .isEqualTo(hash);
    assertThat(
            attribution(AttributionRules.defaults("desk"), request("x-flyball-user", "eve"))
                .userHash())
        .isNotEqualTo(hash);
    assertThat(attribution(AttributionRules.defaults("shop"), request()).userHash()).isNull();
  }

  @Test
  void anEmptyListAsksNothingButTheOwnHeader() {
    AttributionRules rules =
        new AttributionRules(
            "shop",
            Collections.singletonMap(AttributionKey.FEATURE, Collections.<String>emptyList()),
            InitialisedClasses.NONE);
    assertThat(attribution(rules, request()).feature()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "header",
        "header:",
        "mdc:",
        "call-site:x",
        "constant:x",
        "field:user",
        "Header:x"
      })
  void unknownSourcesAreNamedInTheMessage(String source) {
    assertThatThrownBy(() -> AttributionRules.check(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + source + "'")
        .hasMessageContaining("mdc:<key>");
  }
}
