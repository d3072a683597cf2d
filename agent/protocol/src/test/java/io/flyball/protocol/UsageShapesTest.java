package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * What was billed is what is counted, however a provider or gateway says it: one true usage,
 * written in every dialect and at every place, reads back as itself.
 */
class UsageShapesTest {

  /** What was billed. */
  private static final class Billed {
    final long input;
    final long cached;
    final long output;
    final long reasoning;

    Billed(long input, long cached, long output, long reasoning) {
      this.input = input;
      this.cached = Math.min(cached, input);
      this.output = output;
      this.reasoning = Math.min(reasoning, output);
    }

    Usage usage(boolean tellsCached, boolean tellsReasoning) {
      return Usage.builder(Usage.Source.REPORTED)
          .input(input)
          .cacheRead(tellsCached ? cached : 0)
          .output(output)
          .reasoning(tellsReasoning ? reasoning : 0)
          .build();
    }
  }

  /** How it is said. */
  private enum Dialect {
    OPENAI,
    RESPONSES_NAMES,
    REASONING_OUTSIDE,
    REASONING_OUTSIDE_AT_TOP,
    REASONING_ONLY_IN_TOTAL,
    REASONING_OUTSIDE_WITHOUT_TOTAL,
    ZERO_TWINS,
    STRINGS,
    DECIMALS,
    CACHE_APART,
    CACHE_HITS;

    boolean tellsReasoning() {
      return this != REASONING_ONLY_IN_TOTAL && this != CACHE_APART && this != CACHE_HITS;
    }

    boolean tellsCached() {
      return this == OPENAI || this == RESPONSES_NAMES || this == CACHE_APART || this == CACHE_HITS;
    }

    String say(Billed billed) {
      long in = billed.input;
      long out = billed.output;
      long thought = billed.reasoning;
      long spoken = out - thought;
      String cachedDetail = "{\"cached_tokens\":" + billed.cached + "}";
      String thoughtDetail = "{\"reasoning_tokens\":" + thought + "}";
      switch (this) {
        case OPENAI:
          return "{"
              + parts("prompt", in, "completion", out)
              + total(in + out)
              + ",\"prompt_tokens_details\":"
              + cachedDetail
              + ",\"completion_tokens_details\":"
              + thoughtDetail
              + "}";
        case RESPONSES_NAMES:
          return "{"
              + parts("input", in, "output", out)
              + total(in + out)
              + ",\"input_tokens_details\":"
              + cachedDetail
              + ",\"output_tokens_details\":"
              + thoughtDetail
              + "}";
        case REASONING_OUTSIDE:
          return "{"
              + parts("prompt", in, "completion", spoken)
              + total(in + out)
              + ",\"completion_tokens_details\":"
              + thoughtDetail
              + "}";
        case REASONING_OUTSIDE_AT_TOP:
          return "{"
              + parts("prompt", in, "completion", spoken)
              + ",\"reasoning_tokens\":"
              + thought
              + total(in + out)
              + "}";
        case REASONING_ONLY_IN_TOTAL:
          return "{" + parts("prompt", in, "completion", spoken) + total(in + out) + "}";
        case REASONING_OUTSIDE_WITHOUT_TOTAL:
          // Only where it cannot be inside is it known to be outside.
          return thought > spoken
              ? "{"
                  + parts("prompt", in, "completion", spoken)
                  + ",\"completion_tokens_details\":"
                  + thoughtDetail
                  + "}"
              : reasoningInside(in, out, thoughtDetail);
        case ZERO_TWINS:
          return "{"
              + parts("prompt", in, "completion", out)
              + ","
              + parts("input", 0, "output", 0)
              + total(in + out)
              + ",\"completion_tokens_details\":"
              + thoughtDetail
              + ",\"input_tokens_details\":null}";
        case STRINGS:
          return "{\"prompt_tokens\":\""
              + in
              + "\",\"completion_tokens\":\" "
              + out
              + "\",\"total_tokens\":\""
              + (in + out)
              + ".0\",\"completion_tokens_details\":"
              + thoughtDetail
              + "}";
        case DECIMALS:
          return "{\"prompt_tokens\":"
              + in
              + ".0,\"completion_tokens\":"
              + out
              + ".0,\"completion_tokens_details\":"
              + thoughtDetail
              + "}";
        case CACHE_APART:
          return "{"
              + parts("prompt", in - billed.cached, "completion", out)
              + total(in + out)
              + ",\"cache_read_input_tokens\":"
              + billed.cached
              + ",\"cache_creation_input_tokens\":0}";
        default:
          return "{"
              + parts("prompt", in, "completion", out)
              + ",\"prompt_cache_hit_tokens\":"
              + billed.cached
              + "}";
      }
    }

    private static String reasoningInside(long in, long out, String thoughtDetail) {
      return "{"
          + parts("prompt", in, "completion", out)
          + ",\"completion_tokens_details\":"
          + thoughtDetail
          + "}";
    }

    private static String parts(String in, long input, String out, long output) {
      return "\"" + in + "_tokens\":" + input + ",\"" + out + "_tokens\":" + output;
    }

    private static String total(long tokens) {
      return ",\"total_tokens\":" + tokens;
    }
  }

  /** Where it is said. */
  private enum Position {
    PLAIN,
    LAST_EVENT,
    CHOICE,
    GROQ,
    EVERY_EVENT,
    BEFORE_ZEROS;

    ResponseFacts read(String usage, String zeros) {
      String done = "data: [DONE]\n\n";
      switch (this) {
        case PLAIN:
          return Answers.read(Answers.CHAT, "{\"choices\":[],\"usage\":" + usage + "}");
        case LAST_EVENT:
          return events("{\"choices\":[],\"usage\":" + usage + "}", done);
        case CHOICE:
          return events(
              "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"usage\":"
                  + usage
                  + "}]}",
              done);
        case GROQ:
          return events("{\"choices\":[],\"x_groq\":{\"usage\":" + usage + "}}", done);
        case EVERY_EVENT:
          return events(
              "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}",
              event("{\"choices\":[],\"usage\":" + usage + "}") + done);
        default:
          return events(
              "{\"choices\":[],\"usage\":" + usage + "}",
              event("{\"choices\":[],\"usage\":" + zeros + "}") + done);
      }
    }

    private static ResponseFacts events(String first, String rest) {
      return Answers.read(Answers.CHAT, event(first) + rest);
    }

    private static String event(String data) {
      return "data: " + data + "\n\n";
    }
  }

  @Provide
  Arbitrary<Billed> bills() {
    Arbitrary<Long> tokens = Arbitraries.longs().between(1, 3_000_000);
    Arbitrary<Long> parts = Arbitraries.longs().between(0, 3_000_000);
    return Combinators.combine(tokens, parts, tokens, parts).as(Billed::new);
  }

  @Property(tries = 4000)
  void whatWasBilledIsCounted(
      @ForAll("bills") Billed billed, @ForAll Dialect dialect, @ForAll Position position) {
    Usage read = position.read(dialect.say(billed), dialect.say(new Billed(0, 0, 0, 0))).usage();

    assertThat(read).isEqualTo(billed.usage(dialect.tellsCached(), dialect.tellsReasoning()));
  }

  @Test
  void theTotalOfReasoningModels() {
    Usage usage =
        Answers.read(
                Answers.CHAT,
                "{\"usage\":{\"prompt_tokens\":10120,\"completion_tokens\":1499,"
                    + "\"reasoning_tokens\":2809,\"total_tokens\":14428}}")
            .usage();

    assertThat(usage.output()).isEqualTo(4308);
    assertThat(usage.reasoning()).isEqualTo(2809);
  }

  @Test
  void aTotalAloneIsTheInputOfEmbeddings() {
    String answer = "{\"usage\":{\"total_tokens\":\"8\"}}";

    assertThat(Answers.read(Answers.EMBEDDINGS, answer).usage().input()).isEqualTo(8);
    assertThat(Answers.read(Answers.CHAT, answer).usage()).isNull();
  }

  /** Of embeddings the input is said under one name or several, or only as the total. */
  @Property(tries = 500)
  void inputOfEmbeddingsIsCounted(
      @ForAll @LongRange(min = 1, max = 3_000_000) long tokens,
      @ForAll("names") List<String> names,
      @ForAll("writings") String writing) {
    List<String> fields = new ArrayList<>();
    for (String name : names) {
      fields.add("\"" + name + "\":" + String.format(writing, tokens));
    }
    // One name more that says nothing.
    fields.add("\"input_tokens\":" + (names.contains("input_tokens") ? "null" : "0"));
    String answer = "{\"data\":[],\"usage\":{" + String.join(",", fields) + "}}";

    Usage usage = Answers.read(Answers.EMBEDDINGS, answer).usage();

    assertThat(usage.input()).as(answer).isEqualTo(tokens);
    assertThat(usage.output()).as(answer).isZero();
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.of("prompt_tokens", "input_tokens", "total_tokens")
        .list()
        .uniqueElements()
        .ofMinSize(1);
  }

  @Provide
  Arbitrary<String> writings() {
    return Arbitraries.of("%d", "\"%d\"", "%d.0", "\" %d\"");
  }

  @Test
  void noCountIsTooLarge() {
    for (String most : new String[] {"9223372036854775807", "\"99999999999999999999\"", "1e30"}) {
      Usage usage =
          Answers.read(
                  Answers.CHAT,
                  "{\"usage\":{\"prompt_tokens\":"
                      + most
                      + ",\"completion_tokens\":"
                      + most
                      + ",\"total_tokens\":"
                      + most
                      + ",\"prompt_tokens_details\":{\"cached_tokens\":"
                      + most
                      + ",\"cache_write_tokens\":"
                      + most
                      + "}}}")
              .usage();

      assertThat(usage.input()).as(most).isEqualTo(Long.MAX_VALUE);
      assertThat(usage.total()).as(most).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void anthropicsTotalsSoFarNeverShrink() {
    Usage usage =
        Answers.read(
                Answers.MESSAGES,
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":"
                    + "{\"input_tokens\":25,\"output_tokens\":1}}}\n\n"
                    + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":"
                    + "{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":0,"
                    + "\"output_tokens\":15}}\n\n"
                    + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
            .usage();

    assertThat(usage.input()).isEqualTo(25);
    assertThat(usage.output()).isEqualTo(15);
  }

  @Test
  void whatGeminisTotalSaysBeyondItsPartsIsOutput() {
    Usage usage =
        Answers.read(
                Answers.GEMINI,
                "{\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":10,"
                    + "\"totalTokenCount\":310}}")
            .usage();

    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.output()).isEqualTo(210);
  }

  private static String chunk(String rest) {
    return "data: {\"choices\":[]," + rest + "}\n\n";
  }

  @Test
  void usageNeverShrinksWithinAnAnswer() {
    String real =
        chunk("\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":500,\"total_tokens\":1500}");
    for (String later :
        new String[] {
          "{\"prompt_tokens\":1000,\"completion_tokens\":0,\"total_tokens\":1000}",
          "{\"prompt_tokens\":1000}",
          "{\"completion_tokens\":7}"
        }) {
      Usage usage =
          Answers.read(Answers.CHAT, real + chunk("\"usage\":" + later) + "data: [DONE]\n\n")
              .usage();

      assertThat(usage.input()).as(later).isEqualTo(1000);
      assertThat(usage.output()).as(later).isEqualTo(500);
    }
  }

  @Test
  void aCacheOfWhichNothingSaysThatItIsWithinTheInput() {
    String usage =
        "{\"prompt_tokens\":1000,\"completion_tokens\":5,\"cache_read_input_tokens\":900";

    assertThat(chat(usage + "}").input()).isEqualTo(1900);
    assertThat(chat(usage + ",\"total_tokens\":1005}").input()).isEqualTo(1000);
    assertThat(chat(usage + ",\"prompt_tokens_details\":{\"cached_tokens\":900}}").input())
        .isEqualTo(1000);
  }

  @Test
  void aTotalBehindTheInputThatWasToldBefore() {
    Usage usage =
        Answers.read(
                Answers.CHAT,
                chunk("\"usage\":{\"prompt_tokens\":100}")
                    + chunk("\"usage\":{\"completion_tokens\":5,\"total_tokens\":105}"))
            .usage();

    assertThat(usage.input()).isEqualTo(100);
    assertThat(usage.output()).isEqualTo(5);
  }

  private static Usage chat(String usage) {
    return Answers.read(Answers.CHAT, "{\"choices\":[],\"usage\":" + usage + "}").usage();
  }

  @Test
  void aStreamWhoseChoicesEachSayMoreAndMore() {
    String one = "{\"prompt_tokens\":10,\"completion_tokens\":%d}";
    StringBuilder stream = new StringBuilder();
    for (int tokens = 1; tokens <= 5; tokens++) {
      for (int choice = 0; choice < 2; choice++) {
        stream
            .append("data: {\"choices\":[{\"usage\":")
            .append(String.format(one, tokens))
            .append(",\"index\":")
            .append(choice)
            .append("}]}\n\n");
      }
    }

    Usage usage = Answers.read(Answers.CHAT, stream + "data: [DONE]\n\n").usage();

    assertThat(usage.input()).isEqualTo(20);
    assertThat(usage.output()).isEqualTo(10);
  }

  @Test
  void compactionsThatALaterUsageDoesNotRepeat() {
    for (String later : new String[] {"null", "[]"}) {
      Usage usage =
          Answers.read(
                  Answers.MESSAGES,
                  "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1000,"
                      + "\"output_tokens\":1,\"iterations\":[{\"type\":\"compaction\","
                      + "\"input_tokens\":100000,\"output_tokens\":1000}]}}}\n\n"
                      + "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
                      + "\"end_turn\"},\"usage\":{\"output_tokens\":500,\"iterations\":"
                      + later
                      + "}}\n\ndata: {\"type\":\"message_stop\"}\n\n")
              .usage();

      assertThat(usage.input()).isEqualTo(101_000);
      assertThat(usage.output()).isEqualTo(1_500);
    }
  }

  private static final String TEXT = "a text that somebody has written";

  private static String chatWith(String usage) {
    return "{\"choices\":[{\"message\":{\"content\":\"" + TEXT + "\"}}],\"usage\":" + usage + "}";
  }

  private static String messageWith(String usage) {
    return "{\"content\":[{\"type\":\"text\",\"text\":\"" + TEXT + "\"}],\"usage\":" + usage + "}";
  }

  private static String responseWith(String usage) {
    return "{\"output\":[{\"type\":\"message\",\"content\":[{\"text\":\""
        + TEXT
        + "\"}]}],\"usage\":"
        + usage
        + "}";
  }

  private static String generatedWith(String usage) {
    return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""
        + TEXT
        + "\"}]}}],\"usageMetadata\":"
        + usage
        + "}";
  }

  private static ResponseFacts[] all(String input, String output, String inGoogles) {
    String usage = "{\"" + "prompt_tokens\":" + input + ",\"completion_tokens\":" + output + "}";
    String other = "{\"input_tokens\":" + input + ",\"output_tokens\":" + output + "}";
    return new ResponseFacts[] {
      Answers.read(Answers.CHAT, chatWith(usage)),
      Answers.read(Answers.CHAT, chatWith(other)),
      Answers.read(Answers.MESSAGES, messageWith(other)),
      Answers.read(Answers.MESSAGES, messageWith(usage)),
      Answers.read(Answers.RESPONSES, responseWith(other)),
      Answers.read(Answers.GEMINI, generatedWith(inGoogles))
    };
  }

  @Test
  void zerosBesideContentSayNothing() {
    String zeros = "{\"promptTokenCount\":0,\"candidatesTokenCount\":0,\"totalTokenCount\":0}";

    for (ResponseFacts said : all("0", "\"0\"", zeros)) {
      assertThat(said.usage()).isNull();
      assertThat(said.tellsUsage()).isFalse();
      assertThat(said.besidesTokens()).isNull();
    }
    String chunk =
        "data: {\"choices\":[{\"delta\":{\"content\":\"One\"}}],\"usage\":"
            + "{\"prompt_tokens\":0,\"completion_tokens\":0}}\n\n";
    assertThat(Answers.read(Answers.CHAT, chunk + chunk).usage()).isNull();
    String vectors =
        "{\"data\":[{\"embedding\":[1]}],\"usage\":{\"prompt_tokens\":0,\"total_tokens\":0}}";
    assertThat(Answers.read(Answers.EMBEDDINGS, vectors).usage()).isNull();
  }

  /** Also where what it said was a number in words that nobody here reads. */
  @Test
  void zeroTokensOfAnAnswerBesideItsTextSayNothing() {
    for (String zero : new String[] {"0", "null", "\"many\"", "{\"total\":7}"}) {
      String googles = "{\"promptTokenCount\":80,\"candidatesTokenCount\":" + zero + "}";
      for (ResponseFacts said : all("80", zero, googles)) {
        assertThat(said.usage()).as(zero).isNull();
        assertThat(said.besidesTokens().input()).isEqualTo(80);
        assertThat(said.tellsTotal()).isFalse();
      }
    }
    String started =
        "data: {\"choices\":[{\"delta\":{\"content\":\"One\"}}],\"usage\":"
            + "{\"prompt_tokens\":80,\"completion_tokens\":0}}\n\n";
    assertThat(Answers.read(Answers.CHAT, started).usage().input())
        .as("as far as it has come")
        .isEqualTo(80);
  }

  @Test
  void whatZerosStandForIsKnownAsFarAsItIsSaid() {
    Usage free =
        Answers.read(
                Answers.CHAT,
                chatWith(
                    "{\"prompt_tokens\":0,\"completion_tokens\":0,\"cost\":0,\"is_byok\":false}"))
            .usage();
    Usage searched =
        Answers.read(
                Answers.CHAT,
                chatWith("{\"prompt_tokens\":0,\"completion_tokens\":0,\"num_search_queries\":3}"))
            .besidesTokens();
    Usage nothing =
        Answers.read(Answers.CHAT, "{\"choices\":[],\"usage\":{\"prompt_tokens\":0}}").usage();

    assertThat(free.statedUsd()).isEqualByComparingTo("0");
    assertThat(searched.toolUses()).containsEntry("search_query", 3L);
    assertThat(nothing.total()).as("where nothing came").isZero();
  }

  @Test
  void aTotalAloneIsKept() {
    ResponseFacts[] all = {
      Answers.read(Answers.CHAT, chatWith("{\"total_tokens\":1820}")),
      Answers.read(Answers.MESSAGES, messageWith("{\"total_tokens\":1820}")),
      Answers.read(Answers.RESPONSES, responseWith("{\"total_tokens\":1820}")),
      Answers.read(Answers.GEMINI, generatedWith("{\"totalTokenCount\":1820}"))
    };
    for (ResponseFacts said : all) {
      assertThat(said.usage()).isNull();
      assertThat(said.besidesTokens().total()).isEqualTo(1820);
      assertThat(said.tellsTotal()).isTrue();
    }
  }

  @Test
  void gatewaysThatLeaveZerosUnderAnthropicsNames() {
    Usage usage =
        Answers.read(
                Answers.MESSAGES,
                messageWith(
                    "{\"prompt_tokens\":1000,\"completion_tokens\":500,\"total_tokens\":1500,"
                        + "\"input_tokens\":0,\"output_tokens\":0,"
                        + "\"cache_read_input_tokens\":300}"))
            .usage();

    assertThat(usage)
        .isEqualTo(
            Usage.builder(Usage.Source.REPORTED).input(1000).cacheRead(300).output(500).build());
  }

  /** LiteLLM's, the new-api family's, and Anthropic's own place for it. */
  @Property(tries = 200)
  void whatIsWrittenForAnHourIsToldApart(
      @ForAll @LongRange(max = 100_000) long fiveMinutes,
      @ForAll @LongRange(max = 100_000) long anHour,
      @ForAll @LongRange(max = 100_000) long rest) {
    long input = fiveMinutes + anHour + rest;
    String split =
        "{\"ephemeral_5m_input_tokens\":"
            + fiveMinutes
            + ",\"ephemeral_1h_input_tokens\":"
            + anHour
            + "}";
    String[] ways = {
      "\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_creation_tokens\":"
          + (fiveMinutes + anHour)
          + ",\"cache_creation_token_details\":"
          + split
          + "}",
      "\"prompt_tokens_details\":{\"cached_creation_tokens\":"
          + (fiveMinutes + anHour)
          + "},\"claude_cache_creation_5_m_tokens\":"
          + fiveMinutes
          + ",\"claude_cache_creation_1_h_tokens\":"
          + anHour,
      "\"cache_creation\":" + split
    };
    for (String way : ways) {
      Usage usage =
          Answers.read(
                  Answers.CHAT,
                  chatWith(
                      "{\"prompt_tokens\":"
                          + input
                          + ",\"completion_tokens\":10,\"total_tokens\":"
                          + (input + 10)
                          + ","
                          + way
                          + "}"))
              .usage();

      assertThat(usage.input()).isEqualTo(input);
      assertThat(usage.cacheWrite5m()).isEqualTo(fiveMinutes);
      assertThat(usage.cacheWrite1h()).isEqualTo(anHour);
    }
  }

  @Test
  void anEmptyTierTakesNothingBack() {
    String stream =
        "data: {\"service_tier\":\"auto\",\"choices\":[]}\n\n"
            + "data: {\"service_tier\":\"priority\",\"choices\":[]}\n\n"
            + "data: {\"service_tier\":\"\",\"choices\":[]}\n\n"
            + "data: {\"service_tier\":null,\"choices\":[]}\n\n";

    assertThat(Answers.read(Answers.CHAT, stream).serviceTier()).isEqualTo("priority");
  }

  /** Of xAI: what it says it ran is what it bills, whatever the answer names beside it. */
  @Property(tries = 200)
  void toolsThatTheUsageNames(
      @ForAll @LongRange(max = 20) long web,
      @ForAll @LongRange(max = 20) long posts,
      @ForAll @LongRange(max = 20) long files,
      @ForAll @LongRange(max = 20) long code,
      @ForAll @LongRange(max = 20) long mcp,
      @ForAll @LongRange(max = 5) long untold,
      @ForAll boolean details) {
    long all = web + posts + files + code + mcp + untold;
    String apart =
        ",\"server_side_tool_usage_details\":{\"web_search_calls\":"
            + web
            + ",\"x_search_calls\":"
            + posts
            + ",\"file_search_calls\":"
            + files
            + ",\"code_interpreter_calls\":"
            + code
            + ",\"mcp_calls\":"
            + mcp
            + "}";
    String usage =
        "\"usage\":{\"input_tokens\":9,\"output_tokens\":9,\"num_server_side_tools_used\":"
            + all
            + (details ? apart : "")
            + "}";
    String item = "{\"type\":\"web_search_call\",\"action\":{\"type\":\"search\"}}";
    Usage said =
        Answers.read(
                Answers.RESPONSES,
                "{\"status\":\"completed\",\"output\":[" + item + "]," + usage + "}")
            .usage();

    assertThat(said.toolUses().getOrDefault("web_search", 0L))
        .isEqualTo(details ? web + posts + untold : all);
    assertThat(said.toolUses().getOrDefault("file_search", 0L)).isEqualTo(details ? files : 0);
    assertThat(said.toolUses().getOrDefault("code_interpreter", 0L)).isEqualTo(details ? code : 0);
  }

  @Test
  void toolsOfAnAnswerThatSaysNoUsage() {
    ResponseFacts said =
        Answers.read(
            Answers.RESPONSES,
            "{\"status\":\"completed\",\"output\":[{\"type\":\"web_search_call\",\"action\":"
                + "{\"type\":\"search\"}},{\"type\":\"code_interpreter_call\",\"container_id\":"
                + "\"a\"},{\"type\":\"code_interpreter_call\",\"container_id\":\"b\"},"
                + "{\"type\":\"code_interpreter_call\",\"container_id\":\"b\"}]}");

    assertThat(said.usage()).isNull();
    assertThat(said.besidesTokens().toolUses())
        .containsEntry("web_search", 1L)
        .containsEntry("code_interpreter", 2L);
    assertThat(said.withNames(name -> "x", id -> id).besidesTokens())
        .isEqualTo(said.besidesTokens());
  }

  @Test
  void whatIsNotTextOfAnAnswerThatSaysNoUsage() {
    String image = "{\"output\":[{\"type\":\"image_generation_call\",\"result\":\"AA\"}]}";
    String sound = "{\"choices\":[{\"message\":{\"audio\":{\"data\":\"AA\"}}}]}";
    String drawn =
        "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"AA\"}}]}}]}";

    assertThat(Answers.read(Answers.RESPONSES, image).besidesTokens().incomplete()).isTrue();
    assertThat(Answers.read(Answers.CHAT, sound).besidesTokens().incomplete()).isTrue();
    assertThat(Answers.read(Answers.GEMINI, drawn).besidesTokens().incomplete()).isTrue();
    assertThat(Answers.read(Answers.CHAT, "{\"choices\":[]}").besidesTokens()).isNull();
  }

  @Test
  void searchesOfGeminiAndItsMaps() {
    String usage = "\"usageMetadata\":{\"promptTokenCount\":1,\"candidatesTokenCount\":1}";
    String two =
        "{\"candidates\":[{\"groundingMetadata\":{\"webSearchQueries\":[\"a\",\"b\"]},\"index\":0},"
            + "{\"groundingMetadata\":{\"webSearchQueries\":[\"c\",\"d\"]},\"index\":1}],";
    String chunks =
        "{\"candidates\":[{\"groundingMetadata\":{\"groundingChunks\":[{\"%s\":{}}]}}],";

    assertThat(Answers.read(Answers.GEMINI, two + usage + "}").usage().toolUses())
        .containsEntry("google_search", 4L)
        .containsEntry("grounded_prompt", 1L);
    for (String kind : new String[] {"web", "maps"}) {
      String answer = String.format(chunks, kind) + usage + "}";
      assertThat(Answers.read(Answers.GEMINI, answer).usage().toolUses())
          .as(kind)
          .containsEntry("google_search", 1L)
          .containsEntry("grounded_prompt", 1L);
    }
    String own = String.format(chunks, "retrievedContext") + usage + "}";
    assertThat(Answers.read(Answers.GEMINI, own).usage().toolUses()).isEmpty();
  }
}
