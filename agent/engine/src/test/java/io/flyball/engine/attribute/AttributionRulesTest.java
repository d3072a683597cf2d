package io.flyball.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.call.Attribution;
import io.flyball.wire.Headers;
import io.flyball.wire.InboundRequest;
import io.flyball.wire.WireRequest;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
  void longNamesAreCutAndStayTwo() {
    AttributionRules rules = AttributionRules.defaults("shop");
    char[] many = new char[8_000];
    Arrays.fill(many, 'n');
    String name = new String(many);
    String one = attribution(rules, request("x-flyball-tenant", name + "1")).tenant();
    String other = attribution(rules, request("x-flyball-tenant", name + "2")).tenant();
    assertThat(one).hasSizeLessThan(256).startsWith("nnn").isNotEqualTo(other);
    assertThat(attribution(rules, request("x-flyball-tenant", name + "1")).tenant()).isEqualTo(one);
    String longest = name.substring(0, 256);
    assertThat(attribution(rules, request("x-flyball-tenant", longest)).tenant())
        .isEqualTo(longest);
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
        "field:",
        "field:a..b",
        "field:.a",
        "baggage:",
        "inbound-header:",
        "route:/orders",
        "principal:x",
        "Header:x"
      })
  void unknownSourcesAreNamedInTheMessage(String source) {
    assertThatThrownBy(() -> AttributionRules.check(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + source + "'")
        .hasMessageContaining("mdc:<key>");
  }

  private static WireRequest withBody(String json, String... headers) {
    return request(headers).withBody(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void fieldsOfTheBodyAreFoundWhereverTheyStand() {
    AttributionRules rules =
        rules(AttributionKey.TENANT, "field:metadata.team.name", "field:metadata.org", "field:org");
    assertThat(
            attribution(
                    rules,
                    withBody(
                        "{\"messages\":[{\"org\":\"no\"}],\"org\":\"acme\","
                            + "\"metadata\":{\"org\":17,\"team\":{\"x\":{\"name\":\"no\"}}}}"))
                .tenant())
        .isEqualTo("17");
    assertThat(
            attribution(rules, withBody("{\"metadata\":{\"team\":{\"name\":\"gr\\u00fcn\"}}}"))
                .tenant())
        .isEqualTo("gr\u00fcn");
    assertThat(attribution(rules, withBody("{\"\\u006frg\":\"acme\"}")).tenant()).isEqualTo("acme");
    assertThat(attribution(rules, withBody("{ \"org\" : \"acme\" }")).tenant()).isEqualTo("acme");
    assertThat(
            attribution(rules(AttributionKey.TENANT, "field:x/y"), withBody("{\"x\\/y\":\"acme\"}"))
                .tenant())
        .isEqualTo("acme");
    assertThat(attribution(rules, withBody("{\"org\":[\"first\",\"second\"]}")).tenant())
        .isEqualTo("first");
    for (String none :
        new String[] {
          "", "{}", "not json", "{\"org\":null}", "{\"org\":{}}", "{\"org\":\"acme\"", "[1]"
        }) {
      assertThat(attribution(rules, withBody(none)).tenant()).as(none).isNull();
    }
  }

  @Test
  void theUsersOfTheProvidersFieldsAreHashedLikeAnyOther() {
    String hash =
        attribution(AttributionRules.defaults("shop"), request("x-flyball-user", "eve")).userHash();
    for (String body :
        new String[] {
          "{\"user\":\"eve\"}",
          "{\"user\":\"other\",\"safety_identifier\":\"eve\"}",
          "{\"metadata\":{\"user_id\":\"eve\"}}"
        }) {
      assertThat(attribution(AttributionRules.defaults("shop"), withBody(body)).userHash())
          .as(body)
          .isEqualTo(hash);
    }
  }

  @Test
  void baggageOfTheRequestComesBeforeThatOfTheContextAndOfTheServedRequest() {
    AttributionRules rules = rules(AttributionKey.TENANT, "baggage:tenant");
    Context context =
        Context.root().with(Baggage.builder().put("tenant", "of the context").build());
    InboundRequest served = new ServedRequest("baggage", "tenant=of%20the%20served");
    WireRequest bare = request();

    assertThat(
            rules
                .attribute(
                    request("Baggage", "x=1, tenant = acme ;p=1"),
                    rules.origin(rules.inbound(served, null), context))
                .tenant())
        .isEqualTo("acme");
    assertThat(rules.attribute(bare, rules.origin(rules.inbound(served, null), context)).tenant())
        .isEqualTo("of the context");
    assertThat(
            rules.attribute(bare, rules.origin(rules.inbound(served, null), "no context")).tenant())
        .isEqualTo("of the served");
    assertThat(rules.attribute(bare, rules.origin()).tenant()).isNull();
  }

  @Test
  void theRequestThatTheThreadServesTells() {
    Map<AttributionKey, List<String>> byKey = new EnumMap<>(AttributionKey.class);
    byKey.put(AttributionKey.TENANT, Arrays.asList("inbound-header:X-Org"));
    byKey.put(AttributionKey.FEATURE, Arrays.asList("route"));
    byKey.put(AttributionKey.USER, Arrays.asList("principal"));
    AttributionRules rules = new AttributionRules("shop", byKey, InitialisedClasses.NONE);
    Attribution found =
        rules.attribute(
            request(), rules.origin(rules.inbound(new ServedRequest("x-org", "acme"), null), null));

    assertThat(found.tenant()).isEqualTo("acme");
    assertThat(found.feature()).isEqualTo("/orders/{id}");
    assertThat(found.route()).isEqualTo("/orders/{id}");
    assertThat(found.userHash()).matches("[0-9a-f]{16}");
    Attribution none = attribution(rules, request());
    assertThat(none.tenant()).isNull();
    assertThat(none.route()).isNull();
  }

  @Test
  void aServedRequestThatCannotBeReadTellsNothing() {
    AttributionRules rules = rules(AttributionKey.TENANT, "inbound-header:x-org", "const:nobody");
    InboundRequest broken =
        new ServedRequest("x-org", "acme") {
          @Override
          public String header(String name) {
            throw new IllegalStateException("recycled");
          }
        };
    Attribution found = rules.attribute(request(), rules.origin(rules.inbound(broken, null), null));
    assertThat(found.tenant()).isEqualTo("nobody");
    assertThat(found.route()).isEqualTo("/orders/{id}");
  }

  /** A request with one header. */
  private static class ServedRequest implements InboundRequest {
    private final String name;
    private final String value;

    ServedRequest(String name, String value) {
      this.name = name;
      this.value = value;
    }

    @Override
    public String header(String wanted) {
      return wanted.equalsIgnoreCase(name) ? value : null;
    }

    @Override
    public String route() {
      return "/orders/{id}";
    }

    @Override
    public String principal() {
      return "eve";
    }

    @Override
    public long asyncTimeoutMillis() {
      return 0;
    }
  }
}
