package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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
}
