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

  private static AttributionRules rules(AttributionKey key, String... sources) {
    Map<AttributionKey, List<String>> byKey = new EnumMap<>(AttributionKey.class);
    byKey.put(key, Arrays.asList(sources));
    return new AttributionRules("shop", byKey);
  }

  @Test
  void theFirstSourceThatYieldsWins() {
    AttributionRules rules =
        rules(AttributionKey.TENANT, "header:X-Org", "header:X-Team", "const:nobody");
    assertThat(rules.attribute(request("x-team", "blue", "x-org", "acme")).tenant())
        .isEqualTo("acme");
    assertThat(rules.attribute(request("x-team", "blue", "x-org", "")).tenant()).isEqualTo("blue");
    assertThat(rules.attribute(request()).tenant()).isEqualTo("nobody");
  }

  @Test
  void ourOwnHeadersComeFirstWhateverIsConfigured() {
    AttributionRules rules = rules(AttributionKey.FEATURE, "const:other");
    assertThat(rules.attribute(request("X-Flyball-Feature", "search")).feature())
        .isEqualTo("search");
    Attribution all =
        AttributionRules.defaults("shop")
            .attribute(request("x-flyball-tenant", "acme", "x-flyball-prompt-version", "v7"));
    assertThat(all.tenant()).isEqualTo("acme");
    assertThat(all.promptVersion()).isEqualTo("v7");
    assertThat(all.locale()).isNull();
  }

  @Test
  void usersAreHashedWithTheServiceAsSalt() {
    String hash =
        AttributionRules.defaults("shop").attribute(request("x-flyball-user", "eve")).userHash();
    assertThat(hash).matches("[0-9a-f]{16}").doesNotContain("eve");
    assertThat(
            AttributionRules.defaults("shop")
                .attribute(request("x-flyball-user", "eve"))
                .userHash())
        .isEqualTo(hash);
    assertThat(
            AttributionRules.defaults("desk")
                .attribute(request("x-flyball-user", "eve"))
                .userHash())
        .isNotEqualTo(hash);
    assertThat(AttributionRules.defaults("shop").attribute(request()).userHash()).isNull();
  }

  @Test
  void anEmptyListAsksNothingButTheOwnHeader() {
    AttributionRules rules =
        new AttributionRules(
            "shop",
            Collections.singletonMap(AttributionKey.FEATURE, Collections.<String>emptyList()));
    assertThat(rules.attribute(request()).feature()).isNull();
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
