package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.wire.HeldBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A body that can be written once, and does not say so: it is written once, held within the bound
 * of the memory or not at all.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrittenOnceTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new OkHttpInstrumentation());

  private static final int KB = 1 << 10;

  private final HeldBytes memory = HeldBytes.ofThisJvm();
  private final long most = memory.most();
  private final HeldBytes.Hold others = memory.hold();
  private FakeProvider provider;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws IOException {
    others.release();
    memory.limitTo(most);
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  /** What an application streams into a request. */
  private final class OneShot extends RequestBody {
    final byte[] bytes;
    final boolean declares;
    int written;
    long mostHeld;

    OneShot(int size, boolean declares) {
      char[] prompt = new char[size];
      Arrays.fill(prompt, 'p');
      this.bytes =
          Outgoing.CHAT.replace("Hi", new String(prompt)).getBytes(StandardCharsets.US_ASCII);
      this.declares = declares;
    }

    @Override
    public MediaType contentType() {
      return MediaType.parse("application/json");
    }

    @Override
    public long contentLength() {
      return declares ? bytes.length : -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      written++;
      for (int from = 0; from < bytes.length; from += 8 * KB) {
        sink.write(bytes, from, Math.min(8 * KB, bytes.length - from));
        mostHeld = Math.max(mostHeld, memory.held());
      }
    }
  }

  /** Gives whether the call was governed. */
  private boolean send(OneShot body) throws IOException, InterruptedException {
    Request request =
        new Request.Builder().url(provider.url() + "/v1/chat/completions").post(body).build();
    boolean governed;
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      governed = response.header("x-flyball-call") != null;
      assertThat(response.body().string()).isEqualTo(CannedAnswers.CHAT);
    }
    RecordedRequest sent = provider.takeRequest();
    assertThat(sent.bodyText().getBytes(StandardCharsets.US_ASCII)).isEqualTo(body.bytes);
    assertThat(body.written).isEqualTo(1);
    return governed;
  }

  @ParameterizedTest
  @CsvSource({
    // size, bound, of which others hold, governed
    "1, 100000, 0, true",
    "300, 2000, 0, true",
    "300, 2000, 1, false",
    "300, 2000, 1900, false",
    "300, 0, 0, false",
    "3000, 2000, 1, false"
  })
  void aBodyOfUnknownLengthIsHeldWhereThereIsRoomForAny(
      int size, int bound, int held, boolean governed) throws Exception {
    memory.limitTo(memory.held() + (long) bound * KB);
    others.growAnyway((long) held * KB);
    OneShot body = new OneShot(size * KB, false);
    assertThat(send(body)).isEqualTo(governed);
    assertThat(body.mostHeld).isLessThanOrEqualTo(memory.most());
    assertThat(memory.held()).isLessThanOrEqualTo((long) held * KB);
  }

  @ParameterizedTest
  @CsvSource({"300, 2000, 0, true", "300, 2000, 1900, false", "300, 0, 0, false"})
  void aBodyThatSaysItsLengthIsHeldWhereItFits(int size, int bound, int held, boolean governed)
      throws Exception {
    memory.limitTo(memory.held() + (long) bound * KB);
    others.growAnyway((long) held * KB);
    OneShot body = new OneShot(size * KB, true);
    assertThat(send(body)).isEqualTo(governed);
    assertThat(body.mostHeld).isLessThanOrEqualTo(memory.most());
  }

  @Test
  void whatWasTakenForABodyOfUnknownLengthIsGivenBackOnceItIsKnown() throws Exception {
    long before = memory.held();
    OneShot body = new OneShot(KB, false);
    RecordedBody recorded = RecordedBody.record(body, 16 * KB * KB, false);
    assertThat(memory.held() - before).isEqualTo(body.bytes.length);
    recorded.release();
    assertThat(memory.held()).isEqualTo(before);
  }
}
