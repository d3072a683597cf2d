package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.wire.HeldBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An application may use its buffer for its next request as soon as its call has returned: what is
 * asked for again later is what it has asked, and nobody else's prompt.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReusedBufferTest {
  private static final MediaType JSON = MediaType.parse("application/json");

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new OkHttpInstrumentation())
          .unscripted()
          .with(
              Policies.builder()
                  .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .streamRecovery(StreamRecovery.SPLICE)
                  .build());

  /** How a body is made of a buffer. */
  enum Form {
    ARRAY {
      @Override
      RequestBody of(byte[] buffer) {
        return RequestBody.create(JSON, buffer);
      }
    },
    PART_OF_AN_ARRAY {
      @Override
      RequestBody of(byte[] buffer) {
        return RequestBody.create(JSON, buffer, 0, buffer.length - 1);
      }
    },
    BYTE_STRING {
      @Override
      RequestBody of(byte[] buffer) {
        return RequestBody.create(JSON, ByteString.of(buffer));
      }
    };

    abstract RequestBody of(byte[] buffer);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aStreamThatGoesOnIsAskedForWithWhatWasAsked(Form form) throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      Gate reused = new Gate();
      provider.answer(
          Answer.events().event(CannedAnswers.content("Hello")).gate(reused).close(),
          CannedAnswers.chatStream(false));
      byte[] buffer = (Outgoing.CHAT_STREAM + ' ').getBytes(StandardCharsets.UTF_8);
      Request request =
          new Request.Builder()
              .url(provider.url() + "/v1/chat/completions")
              .post(form.of(buffer))
              .build();
      try (Response response = new OkHttpClient().newCall(request).execute()) {
        Arrays.fill(buffer, (byte) 'B');
        reused.open();
        assertThat(response.body().string()).contains("Hello", " there.", "[DONE]");
      }
      assertThat(provider.requests()).hasSize(2);
      String first = provider.takeRequest().bodyText();
      assertThat(first).contains("\"stream\":true");
      assertThat(provider.takeRequest().bodyText()).isEqualTo(first);
      assertThat(AGENT.failures()).isEmpty();
    }
  }

  /** Whoever reads it later, to send it, to count it or to record it, reads what was asked. */
  @Test
  void aBodyThatIsHeldIsACopyAndInTheAccount() throws Exception {
    byte[] buffer = Outgoing.CHAT.getBytes(StandardCharsets.UTF_8);
    long before = HeldBytes.ofThisJvm().held();
    RecordedBody held = RecordedBody.record(RequestBody.create(JSON, buffer), 1 << 20, false);
    assertThat(HeldBytes.ofThisJvm().held() - before).isEqualTo(buffer.length);
    Arrays.fill(buffer, (byte) 'B');
    Buffer sent = new Buffer();
    held.writeTo(sent);
    assertThat(sent.readUtf8()).isEqualTo(Outgoing.CHAT);
    assertThat(new String(held.bytes(), StandardCharsets.UTF_8)).isEqualTo(Outgoing.CHAT);
    held.release();
    assertThat(HeldBytes.ofThisJvm().held()).isEqualTo(before);
  }

  @Test
  void whatThereIsNoRoomForGoesItsWay() throws Exception {
    HeldBytes memory = HeldBytes.ofThisJvm();
    long most = memory.most();
    memory.limitTo(memory.held() + 1);
    try {
      RequestBody body = RequestBody.create(JSON, Outgoing.CHAT.getBytes(StandardCharsets.UTF_8));
      assertThat(RecordedBody.record(body, 1 << 20, false)).isNull();
    } finally {
      memory.limitTo(most);
    }
  }
}
