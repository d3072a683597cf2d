package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a gateway may take from other places of a request than its own top is reserved as if it
 * stood at the top, when that is dearer, and never makes it cheaper.
 */
class GatewayOverridesTest {
  /** Doubles are no better than that; and an override is not in the body, that is text. */
  private static final double EXACT = 1 - 1e-9;

  private static final String CHAT = "https://gateway.example/v1/chat/completions";
  private static final String MESSAGES = "https://gateway.example/v1/messages";
  private static final String GENERATE =
      "https://gateway.example/v1beta/models/gemini-2.5-flash:generateContent";

  /** Each with a place for what is said. */
  private static final List<String> HEADERS =
      Arrays.asList(
          "x-portkey-config {'override_params':{SAID}}",
          "x-portkey-config {'overrideParams':{SAID}}",
          "x-portkey-config {'strategy':{'mode':'fallback'},'targets':[{'provider':'a'},{'override_params':{SAID}}]}",
          "x-portkey-config {'targets':[{'targets':[{'targets':[{'override_params':{SAID}}]}]}]}",
          "helicone-fallbacks [{'target-url':'https://a.example','bodyKeyOverride':{SAID}}]");

  private static final List<String> FIELDS =
      Arrays.asList(
          "'fallbacks':[{'model':'gpt-4.1-nano',SAID}]",
          "'fallbacks':[{'gpt-4.1-nano':[{'model':'gpt-4.1-nano',SAID}]}]",
          "'context_window_fallbacks':[{SAID}]",
          "'extra_body':{'fallbacks':[{SAID}]}",
          "'router_settings_override':{'fallbacks':[{'a':[{SAID}]}]}",
          "'user_config':{'model_list':[{'model_name':'a','litellm_params':{SAID}}]}",
          "'providerOptions':{'openai':{SAID}}");

  /** What makes a call dearer, said by who says one of them or two. */
  private static final List<String> CHAT_SAYS =
      Arrays.asList(
          "'max_tokens':20000",
          "'max_completion_tokens':20000",
          "'max_tokens':null",
          "'max_tokens':-1",
          "'max_tokens':5",
          "'n':7",
          "'model':'gpt-4'",
          "'service_tier':'priority'",
          "'tools':[{'type':'web_search_preview'}]",
          "'tools':[{'type':'image_generation'}]",
          "'web_search_options':{}",
          "'plugins':[{'id':'web','max_results':20}]",
          "'prediction':{'type':'content','content':'aaaaaaaa'}");

  private static final List<String> MESSAGES_SAY =
      Arrays.asList(
          "'max_tokens':20000",
          "'max_tokens':0",
          "'max_tokens':5",
          "'model':'claude-opus-4-1'",
          "'inference_geo':'us'",
          "'tools':[{'type':'web_search_20250305','name':'web_search','max_uses':40}]");

  private static final List<String> GENERATE_SAYS =
      Arrays.asList(
          "'generationConfig':{'maxOutputTokens':20000}",
          "'generation_config':{'max_output_tokens':0}",
          "'generationConfig':{'maxOutputTokens':1000,'candidateCount':5}",
          "'serviceTier':'priority'",
          "'tools':[{'googleSearch':{}}]",
          "'cachedContent':'cachedContents/a'");

  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.of(HEADERS);
  }

  @Provide
  Arbitrary<String> fields() {
    return Arbitraries.of(FIELDS);
  }

  @Provide
  Arbitrary<List<String>> chatSays() {
    return Arbitraries.of(CHAT_SAYS)
        .list()
        .uniqueElements(s -> s.split(":")[0])
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<List<String>> messagesSay() {
    return Arbitraries.of(MESSAGES_SAY)
        .list()
        .uniqueElements(s -> s.split(":")[0])
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<List<String>> generateSays() {
    return Arbitraries.of(GENERATE_SAYS)
        .list()
        .uniqueElements(s -> s.split(":")[0])
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property(tries = 300)
  void whatAHeaderSaysCountsAsAtTheTopOfChat(
      @ForAll("headers") String header, @ForAll("chatSays") List<String> said) throws Exception {
    check(CHAT, chat("'max_tokens':1000"), header, said);
  }

  @Property(tries = 200)
  void whatAHeaderSaysCountsAsAtTheTopOfMessages(
      @ForAll("headers") String header, @ForAll("messagesSay") List<String> said) throws Exception {
    check(
        MESSAGES,
        "{'model':'claude-sonnet-4-5','messages':[{'role':'user','content':'hi'}],'max_tokens':1000}",
        header,
        said);
  }

  @Property(tries = 200)
  void whatAHeaderSaysCountsAsAtTheTopOfGenerate(
      @ForAll("headers") String header, @ForAll("generateSays") List<String> said)
      throws Exception {
    check(
        GENERATE,
        "{'contents':[{'parts':[{'text':'hi'}]}],'generationConfig':{'maxOutputTokens':1000}}",
        header,
        said);
  }

  @Property(tries = 400)
  void whatABodySaysElsewhereCountsAsAtItsTop(
      @ForAll("fields") String field, @ForAll("chatSays") List<String> said) throws Exception {
    String plain = chat("'max_tokens':1000");
    double there = dollars(CHAT, with(plain, field.replace("SAID", String.join(",", said))));

    assertThat(there).isGreaterThanOrEqualTo(atTop(CHAT, plain, said) * EXACT);
    assertThat(there).isGreaterThanOrEqualTo(dollars(CHAT, plain) * EXACT);
  }

  /** Without a limit of its own the request has none, whoever sets one for another. */
  @Property(tries = 50)
  void aLimitOfOthersIsNoneOfItsOwn(@ForAll("fields") String field) throws Exception {
    String plain = chat("'top_p':1");

    assertThat(dollars(CHAT, with(plain, field.replace("SAID", "'max_tokens':5"))))
        .isGreaterThanOrEqualTo(dollars(CHAT, plain) * EXACT);
  }

  private static void check(String url, String plain, String header, List<String> said)
      throws Exception {
    String[] named = header.split(" ", 2);
    String value = named[1].replace("SAID", String.join(",", said)).replace('\'', '"');
    double there = dollars(url, plain, named[0], value);

    // What is in a header is not in the body, whose bytes count as tokens at the dearest rate.
    double bytes = 0.00012 * String.join(",", said).length();
    assertThat(there + bytes).as(header + said).isGreaterThanOrEqualTo(atTop(url, plain, said));
    assertThat(there).isGreaterThanOrEqualTo(dollars(url, plain) * EXACT);
  }

  private static double atTop(String url, String plain, List<String> said) throws Exception {
    return dollars(url, with(plain, String.join(",", said)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "0.6 | 'context_window_fallback_dict':{'gpt-4.1-nano':'gpt-4'}",
        "0.013 | 'additional_drop_params':['max_tokens']",
        "0.6 | 'fallbacks':[{'model':'gpt-4','max_tokens':10}]",
      })
  void whoAnswersInsteadIsReserved(double dollars, String said) throws Exception {
    assertThat(dollars(CHAT, with(chat("'max_tokens':10000"), said)))
        .isGreaterThanOrEqualTo(dollars)
        .isFinite();
  }

  /** What is said in a header is read, and nobody knows how long it will be. */
  @Test
  void aPromptInAHeaderIsAsLongAsTheWindow() throws Exception {
    assertThat(
            dollars(
                CHAT,
                chat("'max_tokens':10"),
                "x-portkey-config",
                "{\"override_params\":{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}}"))
        .isGreaterThan(0.1);
  }

  /** Of a header that stands twice a gateway may take either. */
  @Test
  void everyHeaderOfOneNameCounts() throws Exception {
    String[] headers = {
      "x-portkey-config", "{\"targets\":[]}",
      "x-portkey-config", "{\"override_params\":{\"max_tokens\":20000}}",
      "x-portkey-config", "{\"targets\":[]}"
    };
    double one = Reservations.dollars(CHAT, chat("'max_tokens':20000").replace('\'', '"'));

    assertThat(Reservations.dollars(CHAT, chat("'max_tokens':1000").replace('\'', '"'), headers))
        .isGreaterThanOrEqualTo(one * EXACT);
  }

  /** Gateways that translate add both, whatever they are told it by. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'providerOptions':{'anthropic':{'thinking':{'type':'enabled','budgetTokens':20000}}}",
        "'providerOptions':{'bedrock':{'reasoningConfig':{'type':'enabled','budgetTokens':20000}}}",
        "'providerOptions':{'anthropic':{'thinking':{'type':'enabled','budget_tokens':20000}}}",
        "'reasoning':{'enabled':true,'max_tokens':20000}",
        "'extra_body':{'reasoning':{'max_tokens':20000}}",
        "'thinking':{'type':'enabled','budget_tokens':20000}",
        "'fallbacks':[{'model':'gpt-4.1-nano','thinking':{'budget_tokens':20000}}]"
      })
  void whatIsThoughtIsReservedBesideTheLimit(String said) throws Exception {
    double both = dollars(CHAT, chat("'max_tokens':21000"));

    assertThat(dollars(CHAT, with(chat("'max_tokens':1000"), said)))
        .isGreaterThanOrEqualTo(both * EXACT)
        .isFinite();
    assertThat(facts(with(chat("'max_tokens':1000"), said), null).limitElsewhere()).isTrue();
  }

  @Test
  void whatIsThoughtIsReservedBesideTheLimitOfMessages() throws Exception {
    String plain =
        "{'model':'claude-sonnet-4-5','messages':[{'role':'user','content':'hi'}],'max_tokens':LIMIT}";
    String said = "'providerOptions':{'anthropic':{'thinking':{'budgetTokens':20000}}}";

    assertThat(dollars(MESSAGES, with(plain.replace("LIMIT", "1000"), said)))
        .isGreaterThanOrEqualTo(dollars(MESSAGES, plain.replace("LIMIT", "21000")) * EXACT);
  }

  /** Where thinking lies within the limit nothing more is reserved for it than its own bytes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "https://openrouter.ai/api/v1/chat/completions | 'reasoning':{'max_tokens':2000}",
        "https://gateway.example/v1/chat/completions | 'thinking':{'type':'enabled','budget_tokens':2000}",
        "https://gateway.example/v1/messages | 'thinking':{'type':'enabled','budget_tokens':2000}"
      })
  void thinkingWithinTheLimitIsReservedOnce(String url, String said) throws Exception {
    String model = url.contains("openrouter") ? "openai/gpt-4.1-nano" : "gpt-4.1-nano";
    String plain =
        chat("'max_tokens':9000")
            .replace("gpt-4.1-nano", url.endsWith("/messages") ? "claude-sonnet-4-5" : model);

    assertThat(dollars(url, with(plain, said)))
        .isLessThan(dollars(url, plain) * 1.1)
        .isGreaterThan(0.003)
        .isFinite();
  }

  /** A lower limit in the body would not hold. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'fallbacks':[{'model':'m','max_tokens':5}]",
        "'additional_drop_params':['max_completion_tokens']",
        "'providerOptions':{'openai':{'maxCompletionTokens':5}}"
      })
  void whatIsSaidElsewhereIsNotLowered(String said) {
    RequestFacts facts = facts(with(chat("'max_tokens':10"), said), null);

    assertThat(facts.protocol().limitOutput(facts, bytes(chat("'max_tokens':10")), 5)).isNull();
  }

  @Test
  void whatAHeaderSaysIsNotLowered() {
    RequestFacts facts = facts(chat("'max_tokens':10"), "{\"override_params\":{\"max_tokens\":9}}");

    assertThat(facts.limitElsewhere()).isTrue();
    assertThat(facts.protocol().limitOutput(facts, bytes(chat("'max_tokens':10")), 5)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'fallbacks':[{'model':'m'}]",
        "'models':['a','b']",
        "'providerOptions':{'gateway':{'models':['a']}}",
        "'additional_drop_params':['logit_bias']"
      })
  void namesOfOthersAloneDoNotKeepItFromBeingLowered(String said) {
    RequestFacts facts = facts(with(chat("'max_tokens':10"), said), null);

    assertThat(facts.protocol().limitOutput(facts, bytes(chat("'max_tokens':10")), 5)).isNotNull();
  }

  /** Near a limit texts are counted; those of who answers instead are read by somebody, too. */
  @Test
  void promptsOfOthersAreCounted() {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      words.append("some words ");
    }
    String body =
        with(
            chat("'max_tokens':10"),
            "'fallbacks':['a',{'model':'m','messages':[{'role':'user','content':'"
                + words
                + "'}]}]");

    long counted =
        new UsageEstimate(new TokenCounter(1_000_000)).atMost(bytes(body), "gpt-4.1-nano");

    assertThat(counted).isGreaterThan(100);
  }

  private static RequestFacts facts(String body, String route) {
    RequestHead head =
        new RequestHead(
            "POST",
            "https",
            "gateway.example",
            443,
            "/v1/chat/completions",
            null,
            name -> name.equals("x-portkey-config") ? route : null);
    return new Protocols(Collections.emptyList()).recognise(head, bytes(body));
  }

  private static byte[] bytes(String body) {
    return body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String chat(String said) {
    return "{'model':'gpt-4.1-nano','messages':[{'role':'user','content':'hi'}]," + said + "}";
  }

  private static String with(String body, String said) {
    return body.substring(0, body.length() - 1) + "," + said + "}";
  }

  private static double dollars(String url, String body, String... headers) throws Exception {
    return Reservations.dollars(url, body.replace('\'', '"'), headers);
  }
}
