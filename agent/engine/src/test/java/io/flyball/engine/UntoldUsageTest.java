package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Usage;
import io.flyball.wire.WireResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where usage leaves open what its tokens are, it is billed at the dearest that the request and the
 * answer leave room for, and marked as estimated.
 */
class UntoldUsageTest {
  private static final String MESSAGES = "https://api.anthropic.com/v1/messages";
  private static final String CHAT = "https://api.openai.com/v1/chat/completions";
  private static final String OPENAIS =
      "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions";
  private static final String GEMINI =
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-image:generateContent";

  private final CallPricing pricing =
      new CallPricing(PriceCatalogue.builtIn(), new UsageEstimate(new TokenCounter(1L << 30)));

  private AttemptRecord asked(String url, String body, String answer) throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(Policies.builder().build(), pricing);
    harness.upstream.answers(200, answer.replace('\'', '"'));
    WireResponse response =
        harness
            .callAt(url, body.replace('\'', '"'))
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    ReliabilityHarness.bytes(response);
    return pricing.price(harness.onlyRecord()).attempts().get(0);
  }

  private static void costs(AttemptRecord attempt, double dollars, boolean told) {
    assertThat(attempt.costUsd()).isNotNull();
    assertThat(attempt.costUsd().doubleValue()).isBetween(dollars * 0.999, dollars * 1.001);
    assertThat(attempt.usage().source())
        .isEqualTo(told ? Usage.Source.REPORTED : Usage.Source.ESTIMATED);
  }

  /** 10,000 tokens at 3.75 and 6 dollars for a million. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'ttl':'1h' | '' | 0.06 | false",
        "'ttl' : '1h' | '' | 0.06 | false",
        "'ttl':'1h' | ,'cache_creation':{'ephemeral_5m_input_tokens':0,'ephemeral_1h_input_tokens':0} | 0.06 | false",
        "'ttl':'5m' | '' | 0.0375 | true",
        "'type':'ephemeral' | '' | 0.0375 | true",
        "'ttl':'1h' | ,'cache_creation':{'ephemeral_5m_input_tokens':10000} | 0.0375 | true",
        "'ttl':'1h' | ,'cache_creation':{'ephemeral_1h_input_tokens':10000} | 0.06 | true",
      })
  void whatIsWrittenForAnHourIsBilledAsThat(String mark, String apart, double dollars, boolean told)
      throws Exception {
    AttemptRecord attempt =
        asked(
            MESSAGES,
            "{'model':'claude-sonnet-4-5','max_tokens':100,'cache_control':{"
                + mark
                + "},'messages':[{'role':'user','content':'Hi'}]}",
            "{'type':'message','model':'claude-sonnet-4-5','content':[{'type':'text','text':'Hi'}],"
                + "'stop_reason':'end_turn','usage':{'input_tokens':0,'output_tokens':1,"
                + "'cache_creation_input_tokens':10000"
                + (apart.equals("''") ? "" : apart)
                + "}}");

    costs(attempt, dollars, told);
  }

  /** Of 1,000 tokens of an answer, in text at 10 and spoken at 80 dollars for a million. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'n':1 | 'content':null,'audio':{'id':'a','data':'AAAA','transcript':'hi'} | 0.08 | false",
        "'modalities':['text','audio'] | 'content':'hi' | 0.08 | false",
        "'n':1 | 'content':'hi' | 0.01 | true",
      })
  void whatIsSpokenIsBilledAsThat(String said, String message, double dollars, boolean told)
      throws Exception {
    AttemptRecord attempt =
        asked(
            CHAT,
            "{'model':'gpt-4o-audio-preview',"
                + said
                + ",'messages':[{'role':'user','content':'Hi'}]}",
            "{'model':'gpt-4o-audio-preview','choices':[{'index':0,'message':{"
                + message
                + "},'finish_reason':'stop'}],"
                + "'usage':{'prompt_tokens':0,'completion_tokens':1000,'total_tokens':1000}}");

    costs(attempt, dollars, told);
  }

  /** Of 1,000 tokens of an answer, in text at 2.5 and drawn at 30 dollars for a million. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'inlineData':{'mimeType':'image/png','data':'AAAA'}} | '' | 0.03 | false",
        "{'inlineData':{'data':'AAAA'}} | ,'candidatesTokensDetails':[{'modality':'TEXT','tokenCount':0}] | 0.03 | false",
        "{'inlineData':{'mimeType':'image/png','data':'AAAA'}} | ,'candidatesTokensDetails':[{'modality':'IMAGE','tokenCount':1000}] | 0.03 | true",
        "{'text':'hi'} | '' | 0.0025 | true",
      })
  void whatIsDrawnIsBilledAsThat(String part, String details, double dollars, boolean told)
      throws Exception {
    AttemptRecord attempt =
        asked(
            GEMINI,
            "{'contents':[{'parts':[{'text':'Hi'}]}]}",
            "{'candidates':[{'content':{'role':'model','parts':["
                + part
                + "]},'finishReason':'STOP'}],'modelVersion':'gemini-2.5-flash-image',"
                + "'usageMetadata':{'promptTokenCount':0,'candidatesTokenCount':1000,"
                + "'totalTokenCount':1000"
                + (details.equals("''") ? "" : details)
                + "}}");

    costs(attempt, dollars, told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'content':'here','images':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]",
        "'content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]",
      })
  void whatIsDrawnInOpenAisFormatIsBilledAsThat(String message) throws Exception {
    AttemptRecord attempt =
        asked(
            OPENAIS,
            "{'model':'gemini-2.5-flash-image','messages':[{'role':'user','content':'Hi'}]}",
            "{'model':'gemini-2.5-flash-image','choices':[{'index':0,'message':{"
                + message
                + "},'finish_reason':'stop'}],"
                + "'usage':{'prompt_tokens':0,'completion_tokens':1000,'total_tokens':1000}}");

    costs(attempt, 0.03, false);
  }
}
