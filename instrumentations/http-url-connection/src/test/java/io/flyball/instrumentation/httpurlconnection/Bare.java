package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;

/** What tests need that compare a call with the same one on a path that is not governed. */
final class Bare {
  static final String GOVERNED = "/v1/chat/completions";
  static final String OWN = "/v1/chat/completionz";

  /** The latter first. */
  static final String[] BOTH = {OWN, GOVERNED};

  private Bare() {}

  /** Repeats and joins what fails, as it is by default. */
  static Policies.Builder policies() {
    return Policies.builder()
        .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TimeSource.SYSTEM))
        .streamRecovery(StreamRecovery.SPLICE);
  }

  /** An agent as users have it. */
  static InProcessAgent agent(Policies policies) {
    return InProcessAgent.govern(new HttpUrlConnectionInstrumentation())
        .with(policies)
        .unscripted();
  }

  /** A POST of JSON, set up and not connected. */
  static HttpURLConnection post(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setDoOutput(true);
    connection.setReadTimeout(20_000);
    connection.setRequestProperty("Content-Type", "application/json");
    return connection;
  }

  /** Writes the whole request. */
  static void write(HttpURLConnection connection, String body) throws IOException {
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(UTF_8));
    }
  }
}
