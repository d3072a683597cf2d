package io.flyball.instrumentation.httpurlconnection;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.OpenReply;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.HttpsURLConnection;

/** HttpURLConnection as a plain program uses it. */
class HttpUrlConnectionClient implements GovernedClient {
  /** A read of the JDK cannot be interrupted: a test that fails must not hang for ever. */
  private final int readTimeoutMillis;

  HttpUrlConnectionClient(long readTimeoutMillis) {
    this.readTimeoutMillis = readTimeoutMillis == 0 ? 30_000 : Math.toIntExact(readTimeoutMillis);
  }

  /** Sets the JVM's authenticator and cookie handler, until it is closed. */
  static HttpUrlConnectionClient withSecret(String secret) {
    CookieHandler cookiesBefore = CookieHandler.getDefault();
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication("me", secret.toCharArray());
          }
        });
    CookieHandler.setDefault(
        new CookieHandler() {
          @Override
          public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            return Collections.singletonMap(
                "Cookie", Collections.singletonList("session=" + secret));
          }

          @Override
          public void put(URI uri, Map<String, List<String>> headers) {}
        });
    return new HttpUrlConnectionClient(0) {
      @Override
      public void close() {
        Authenticator.setDefault(null);
        CookieHandler.setDefault(cookiesBefore);
      }
    };
  }

  @Override
  public OpenReply open(Outgoing request) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(request.url()).openConnection();
    if (connection instanceof HttpsURLConnection) {
      ((HttpsURLConnection) connection)
          .setSSLSocketFactory(FakeProvider.trustingClient().getSocketFactory());
    }
    connection.setReadTimeout(readTimeoutMillis);
    connection.setRequestMethod(request.method());
    for (int i = 0; i < request.headers().size(); i += 2) {
      connection.addRequestProperty(request.headers().get(i), request.headers().get(i + 1));
    }
    byte[] body = request.body();
    if (body != null) {
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    return new Opened(connection, connection.getResponseCode());
  }

  @Override
  public CompletableFuture<OpenReply> openAsync(Outgoing request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  private static final class Opened implements OpenReply {
    private final HttpURLConnection connection;
    private final int status;
    private final InputStream body;

    Opened(HttpURLConnection connection, int status) throws IOException {
      this.connection = connection;
      this.status = status;
      InputStream stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      this.body = stream == null ? new ByteArrayInputStream(new byte[0]) : stream;
    }

    @Override
    public int status() {
      return status;
    }

    @Override
    public Map<String, List<String>> headers() {
      Map<String, List<String>> headers = new TreeMap<>();
      for (int n = 1; connection.getHeaderFieldKey(n) != null; n++) {
        headers
            .computeIfAbsent(
                connection.getHeaderFieldKey(n).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
            .add(connection.getHeaderField(n));
      }
      return Collections.unmodifiableMap(headers);
    }

    @Override
    public InputStream body() {
      return body;
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }
}
