package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.telemetry.SampleCalls;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
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

  private static CallRecord record(String request, String answer, boolean sampled) {
    return SampleCalls.answered()
        .content(request.getBytes(StandardCharsets.UTF_8), answer)
        .contentSampled(sampled)
        .build();
  }
}
