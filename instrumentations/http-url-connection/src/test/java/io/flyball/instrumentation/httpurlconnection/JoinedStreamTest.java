package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.instrumentation.testing.ContractFixture;
import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream that breaks off and goes on, read by streams of the JDK that ask what is available. */
class JoinedStreamTest extends ContractFixture {
  private static final long MINUTE = 60_000_000_000L;
  private static final String HEAD =
      "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",";

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new HttpUrlConnectionInstrumentation())
          .with(
              Policies.builder()
                  .retry(
                      RetrySettings.usual(3).withTime(MINUTE),
                      new Backoff(1, 1, () -> 0),
                      new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .streamRecovery(StreamRecovery.SPLICE)
                  .joinNanos(MINUTE)
                  .build());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new HttpUrlConnectionClient(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return HttpUrlConnectionClient.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.noneOf(Capability.class);
  }

  private static String event(String words) {
    return "data: "
        + HEAD
        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + words
        + "\"},\"finish_reason\":null}]}\n\n";
  }

  private static final String WHOLE =
      event("One ")
          + event("two ")
          + event("three")
          + "data: "
          + HEAD
          + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

  private static byte[] gzip(String plain) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(all, 512, true)) {
      for (String event : plain.split("(?<=\n\n)")) {
        out.write(event.getBytes(UTF_8));
        out.flush();
      }
    }
    return all.toByteArray();
  }

  private InputStream asked(String encoding) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(provider.url() + PATH).openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    if (encoding != null) {
      connection.setRequestProperty("Accept-Encoding", encoding);
    }
    try (OutputStream out = connection.getOutputStream()) {
      out.write(Outgoing.CHAT_STREAM.getBytes(UTF_8));
    }
    return connection.getInputStream();
  }

  private static String readAll(InputStream in, boolean asks) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[100];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      all.write(buffer, 0, count);
      if (asks) {
        assertThat(in.available()).isGreaterThanOrEqualTo(0);
      }
    }
    if (asks) {
      assertThat(in.available()).isEqualTo(0);
    }
    return all.toString("UTF-8");
  }

  private void breaksOnceBehind(String begun) {
    provider.answer(Answer.events().chunk(begun).reset(), Answer.events().chunk(WHOLE).end());
  }

  @Test
  void whoAsksWhatIsAvailableReadsAll() throws Exception {
    breaksOnceBehind(event("One ") + event("two "));
    assertThat(readAll(asked(null), true)).isEqualTo(WHOLE);
    breaksOnceBehind(event("One "));
    assertThat(readAll(new BufferedInputStream(asked(null)), false)).isEqualTo(WHOLE);
    assertThat(provider.requests()).hasSize(4);
  }

  @Test
  void gzipToo() throws Exception {
    byte[] whole = gzip(WHOLE);
    byte[] begun = gzip(event("One ") + event("two "));
    provider.answer(
        Answer.chunked(200, "content-type", "text/event-stream", "content-encoding", "gzip")
            .chunk(Arrays.copyOf(begun, begun.length - 10))
            .reset(),
        Answer.chunked(200, "content-type", "text/event-stream", "content-encoding", "gzip")
            .chunk(whole)
            .end());
    assertThat(readAll(new GZIPInputStream(asked("gzip")), false)).isEqualTo(WHOLE);
    assertThat(provider.requests()).hasSize(2);
  }
}
