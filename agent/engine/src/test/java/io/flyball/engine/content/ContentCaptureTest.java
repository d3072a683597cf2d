package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.telemetry.SampleCalls;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ContentCaptureTest {
  private final ContentCapture capture = new ContentCapture(new Redactor()::redact, 40);

  @Test
  void capturesNothingOfACallThatWasNotSampled() {
    CallRecord shown = capture.apply(record("secret question", "secret answer", false));

    assertThat(shown.capturedRequest()).isNull();
    assertThat(shown.capturedResponse()).isNull();
    assertThat(shown.requestBody()).isNull();
    assertThat(shown.outputText()).isNull();
  }

  @Test
  void capturesRedactedAndCutContentOfASampledCall() {
    String longAnswer = String.join("", Collections.nCopies(1_000, "abcdefghi "));
    CallRecord shown = capture.apply(record("mail me@example.org", longAnswer, true));

    assertThat(shown.capturedRequest()).isEqualTo("mail [email]");
    assertThat(shown.capturedResponse()).hasSize(45).endsWith("[cut]");
    assertThat(shown.requestBody()).isNull();
    assertThat(shown.outputText()).isNull();
  }

  @Test
  void aSecretAcrossTheCutIsStillRecognised() {
    CallRecord shown =
        capture.apply(record("0123456789012345678901234567890 4111 1111 1111 1111", null, true));

    assertThat(shown.capturedRequest()).doesNotContain("4111").contains("[card]");
  }

  @Property(tries = 300)
  void noHalfOfASecretIsShownWhereTheTextIsCut(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6_000) int most) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    List<RedactionRule> rules = new ArrayList<>();
    for (RedactionRule rule : RedactionRules.builtIn().all()) {
      if (rule.recogniser() == null) {
        rules.add(rule);
      }
    }
    // All of one kind, so that in most texts more is taken out than is read ahead.
    RedactionRule rule = rules.get(random.nextInt(rules.size()));
    StringBuilder text = new StringBuilder();
    while (text.length() < most + 6_000) {
      text.append(secrets.of(rule)).append(random.nextInt(20) == 0 ? " and " : "\n");
    }

    String shown =
        new ContentCapture(new Redactor()::redact, most)
            .apply(record(text.toString(), text.toString(), true))
            .capturedRequest();

    assertThat(shown).endsWith("[cut]").hasSizeLessThanOrEqualTo(most + 5);
    assertThat(new Redactor().redact(text.toString()))
        .as("seed %s, %s", seed, rule)
        .startsWith(shown.substring(0, shown.length() - 5));
  }

  /** A parser of JSON takes all of them, and a secret in any is one. */
  @Property(tries = 100)
  void aRequestIsRedactedInEveryEncodingOfJson(@ForAll long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    List<RedactionRule> rules = RedactionRules.builtIn().all();
    String json =
        JsonNodeFactory.instance
            .arrayNode()
            .add("\u20ac " + secrets.of(rules.get(random.nextInt(rules.size()))))
            .add("\ud83d\ude00")
            .toString();
    ContentCapture all = new ContentCapture(new Redactor()::redact, 100_000);
    String expected = new Redactor().redact(json);

    for (String mark : new String[] {"", "\ufeff"}) {
      for (String charset :
          new String[] {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
        byte[] body = (mark + json).getBytes(Charset.forName(charset));
        CallRecord record = SampleCalls.answered().content(body, null).contentSampled(true).build();

        assertThat(all.apply(record).capturedRequest())
            .as("seed %s, %s", seed, charset)
            .isEqualTo(expected);
      }
    }
  }

  private static CallRecord record(String request, String answer, boolean sampled) {
    return SampleCalls.answered()
        .content(request.getBytes(StandardCharsets.UTF_8), answer)
        .contentSampled(sampled)
        .build();
  }
}
