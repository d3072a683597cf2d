package com.example.twin;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Calls through java.net.http. */
final class JavaHttpForms {
  private static final HttpClient HTTP_1 =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final HttpClient UPGRADING = HttpClient.newHttpClient();

  private JavaHttpForms() {}

  private static final class Http2 {
    static final HttpClient CLIENT =
        HttpClient.newBuilder().sslContext(TrustEverybody.context()).build();
  }

  private static HttpRequest request(Order order) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(order.url()))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(order.body()));
    for (int i = 0; i < order.headers().size(); i += 2) {
      request.header(order.headers().get(i), order.headers().get(i + 1));
    }
    return request.build();
  }

  /** The head is noted as soon as it is there, as every body handler may. */
  private static <T> BodyHandler<T> noting(Sight sight, BodyHandler<T> handler) {
    return info -> {
      sight.status(info.statusCode());
      sight.headers(info.headers().map());
      return handler.apply(info);
    };
  }

  private static <T> T send(HttpClient client, Order order, Sight sight, BodyHandler<T> handler)
      throws Exception {
    return client.send(request(order), noting(sight, handler)).body();
  }

  private static <T> T sendAsync(
      HttpClient client, Order order, Sight sight, BodyHandler<T> handler) throws Exception {
    return client
        .sendAsync(request(order), noting(sight, handler))
        .thenApply(HttpResponse::body)
        .get(20, TimeUnit.SECONDS);
  }

  static void string(Order order, Sight sight) throws Exception {
    sight.text(send(HTTP_1, order, sight, BodyHandlers.ofString()));
  }

  static void bytes(Order order, Sight sight) throws Exception {
    sight.bytes(send(HTTP_1, order, sight, BodyHandlers.ofByteArray()));
  }

  static void stream(Order order, Sight sight) throws Exception {
    sight.drain(send(HTTP_1, order, sight, BodyHandlers.ofInputStream()));
  }

  static void lines(Order order, Sight sight) throws Exception {
    try (Stream<String> lines = send(HTTP_1, order, sight, BodyHandlers.ofLines())) {
      lines.forEach(line -> sight.text(line + '\n'));
    }
  }

  static void async(Order order, Sight sight) throws Exception {
    sight.text(sendAsync(HTTP_1, order, sight, BodyHandlers.ofString()));
  }

  static void asyncStream(Order order, Sight sight) throws Exception {
    InputStream in = sendAsync(HTTP_1, order, sight, BodyHandlers.ofInputStream());
    sight.drain(in);
  }

  static void upgrade(Order order, Sight sight) throws Exception {
    sight.drain(send(UPGRADING, order, sight, BodyHandlers.ofInputStream()));
  }

  static void http2(Order order, Sight sight) throws Exception {
    sight.drain(send(Http2.CLIENT, order, sight, BodyHandlers.ofInputStream()));
  }

  static void http2Async(Order order, Sight sight) throws Exception {
    sight.drain(sendAsync(Http2.CLIENT, order, sight, BodyHandlers.ofInputStream()));
  }
}
