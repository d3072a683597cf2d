package io.flyball.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.telemetry.SampleCalls;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptHashesTest {
  private static final String BODY =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
          + "\"tools\":[{\"name\":\"f\"}],\"temperature\":0.5}";

  private final PromptHashes hashes = new PromptHashes();

  private CallRecord of(String body) {
    return hashes.apply(
        SampleCalls.answered()
            .content(body == null ? null : body.getBytes(StandardCharsets.UTF_8), null)
            .build());
  }

  @Test
  void theSameMessagesHaveTheSameHash() {
    CallRecord record = of(BODY);

    assertThat(record.promptHash()).matches("[0-9a-f]{16}");
    assertThat(record.toolsHash()).matches("[0-9a-f]{16}").isNotEqualTo(record.promptHash());
    assertThat(of(BODY.replace(",", " ,\n").replace("0.5", "0.7")).promptHash())
        .isEqualTo(record.promptHash());
    assertThat(of(BODY.replace("hi", "ho")).promptHash()).isNotEqualTo(record.promptHash());
    assertThat(of(BODY.replace("hi", "ho")).toolsHash()).isEqualTo(record.toolsHash());
    assertThat(of(BODY.replace("user", "system")).promptHash()).isNotEqualTo(record.promptHash());
  }

  @Test
  void whereTextsEndCounts() {
    assertThat(of("{\"input\":[\"a\",\"bc\"]}").promptHash())
        .isNotEqualTo(of("{\"input\":[\"ab\",\"c\"]}").promptHash());
    assertThat(of("{\"input\":[\"a\",[\"b\"]]}").promptHash())
        .isNotEqualTo(of("{\"input\":[[\"a\"],\"b\"]}").promptHash());
    assertThat(of("{\"input\":[\"a\",\"b\"]}").promptHash())
        .isNotEqualTo(of("{\"input\":[\"a\\u0006b\"]}").promptHash());
    assertThat(of("{\"input\":\"a\"}").promptHash())
        .isNotEqualTo(of("{\"prompt\":\"a\"}").promptHash());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{\"messages\":[",
        "{\"messages\":[{]}",
        "{\"model\":1}",
        "\u0000"
      })
  void whatHasNoMessagesHasNoHash(String body) {
    assertThat(of(body).promptHash()).isNull();
    assertThat(of(body).toolsHash()).isNull();
    assertThat(of(null).promptHash()).isNull();
  }
}
