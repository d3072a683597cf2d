package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.request.RequestLimits;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.net.ProtocolException;
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
 * A body that declares another length than it has fails as OkHttp fails it, also where Flyball
 * would have sent another one, and no provider gets a whole request.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeclaredLengthTest {
  /** Sets how long an answer may be where the request does not say. */
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new OkHttpInstrumentation())
          .unscripted()
          .with(
              Policies.builder()
                  .requestLimits(
                      RequestLimits.builder().maxOutputTokens(50).build(),
                      new CostBounds(
                          (provider, host, model) -> null,
                          (provider, host, model) -> 1_000,
                          (body, model) -> body.length))
                  .build());

  private static final String PATH = "/v1/chat/completions";
  private static final String TWIN = "/v1/chat/completionz";

  private FakeProvider provider;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  /** Written in pieces of that size, each of which goes out. */
  private static RequestBody body(byte[] bytes, long declared, int piece) {
    return new RequestBody() {
      @Override
      public MediaType contentType() {
        return MediaType.parse("application/json");
      }

      @Override
      public long contentLength() {
        return declared;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        for (int from = 0; from < bytes.length; from += piece) {
          sink.write(bytes, from, Math.min(piece, bytes.length - from));
          sink.emit();
        }
      }
    };
  }

  private String send(String path, RequestBody body) throws IOException {
    Request request = new Request.Builder().url(provider.url() + path).post(body).build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      return response.code() + "";
    }
  }

  @Test
  void whatDeclaresItsLengthIsLimited() throws Exception {
    byte[] bytes = Outgoing.CHAT.getBytes(StandardCharsets.US_ASCII);
    assertThat(send(PATH, body(bytes, bytes.length, 10))).isEqualTo("200");
    assertThat(provider.requests().get(0).bodyText()).contains("50");
  }

  @ParameterizedTest
  @CsvSource({"-5, 1000", "-5, 7", "-60, 1000", "-61, 7", "5, 1000", "5, 7", "1000, 1000"})
  void anyOtherFailsAsWithoutFlyball(int more, int piece) {
    byte[] bytes = Outgoing.CHAT.getBytes(StandardCharsets.US_ASCII);
    Throwable bare = catchThrowable(() -> send(TWIN, body(bytes, bytes.length + more, piece)));
    assertThat(bare).isInstanceOf(ProtocolException.class);

    assertThat(catchThrowable(() -> send(PATH, body(bytes, bytes.length + more, piece))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(bare.getMessage());
    assertThat(provider.requests()).isEmpty();
  }

  /** What is as long as it says by the end of a piece would be a request without a limit. */
  @ParameterizedTest
  @CsvSource({"0", "20000"})
  void noPieceOfItIsAWholeRequest(int blanks) throws Exception {
    char[] blank = new char[blanks];
    Arrays.fill(blank, ' ');
    String chat = Outgoing.CHAT + new String(blank);
    byte[] bytes = (chat + ' ').getBytes(StandardCharsets.US_ASCII);

    assertThat(catchThrowable(() -> send(PATH, body(bytes, chat.length(), chat.length()))))
        .isInstanceOf(ProtocolException.class);
    assertThat(provider.requests()).isEmpty();
  }
}
