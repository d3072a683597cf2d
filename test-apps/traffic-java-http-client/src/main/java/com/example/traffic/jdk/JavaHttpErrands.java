package com.example.traffic.jdk;

import com.example.traffic.Errands;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The errands with java.net.http. */
public final class JavaHttpErrands implements Errands.Runner {
  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .cookieHandler(new CookieManager())
          .authenticator(
              new Authenticator() {
                @Override
                protected PasswordAuthentication getPasswordAuthentication() {
                  return new PasswordAuthentication("aladdin", "opensesame".toCharArray());
                }
              })
          .build();

  @Override
  public void run(Errands errands) {
    String url = errands.url();
    for (String path :
        new String[] {
          "/plain",
          "/v1/models",
          "/chunked",
          "/missing",
          "/broken",
          "/redirect",
          "/cookie",
          "/plain",
          "/protected",
          "/gzip"
        }) {
      errands.run("GET " + path, () -> answer(get(url + path)));
    }
    errands.run(
        "HEAD", () -> answer(request(url + "/plain").method("HEAD", BodyPublishers.noBody())));
    errands.run("DELETE", () -> answer(request(url + "/plain").DELETE()));
    errands.run(
        "PUT", () -> answer(request(url + "/plain").PUT(BodyPublishers.ofString("put this"))));
    for (String[] post : Errands.lookalikes()) {
      errands.run("POST " + post[0], () -> answer(post(url, post)));
    }
    errands.run("asynchronous form", () -> asynchronous(post(url, Errands.lookalikes()[12])));
    errands.run("to a file", () -> toFile(get(url + "/plain")));
    errands.run("lines", () -> lines(get(url + "/plain")));
    errands.run(
        "chunked upload",
        () ->
            answer(
                request(url + "/v1/chat/completions")
                    .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("in chunks")))));
    errands.run(
        "large upload",
        () -> answer(request(url + "/large/v1/chat/completions").POST(largeBody())));
    errands.run("large download", () -> answer(get(url + "/large")));
    errands.run("WebSocket", () -> webSocket(url.replace("http:", "ws:") + "/socket"));
    errands.run("nobody there", () -> answer(get("http://127.0.0.1:1/v1/chat/completions")));
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url));
  }

  private static HttpRequest.Builder get(String url) {
    return request(url).GET();
  }

  private static HttpRequest.Builder post(String url, String[] post) {
    return request(url + post[0])
        .header("Content-Type", post[1])
        .POST(BodyPublishers.ofByteArray(Errands.utf8(post[2])));
  }

  private static BodyPublisher largeBody() {
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(Errands::large), Errands.LARGE);
  }

  private String answer(HttpRequest.Builder request) throws Exception {
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    return describe(response) + " " + Errands.sum(response.body());
  }

  private static String describe(HttpResponse<?> response) {
    return response.statusCode()
        + " "
        + new TreeMap<>(response.headers().map())
        + " "
        + response.uri().getPath();
  }

  private String asynchronous(HttpRequest.Builder request) throws Exception {
    return client
        .sendAsync(request.build(), BodyHandlers.ofString())
        .thenApply(response -> describe(response) + " " + response.body())
        .get();
  }

  private String toFile(HttpRequest.Builder request) throws Exception {
    Path file = Files.createTempFile("errand", ".txt");
    try {
      HttpResponse<Path> response = client.send(request.build(), BodyHandlers.ofFile(file));
      return describe(response) + " " + Files.readString(response.body());
    } finally {
      Files.delete(file);
    }
  }

  private String lines(HttpRequest.Builder request) throws Exception {
    return client
        .send(request.build(), BodyHandlers.ofLines())
        .body()
        .collect(Collectors.joining("|"));
  }

  private String webSocket(String url) throws Exception {
    CompletableFuture<String> result = new CompletableFuture<>();
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(url),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket socket, CharSequence data, boolean last) {
                    result.complete(data.toString());
                    return null;
                  }

                  @Override
                  public void onError(WebSocket socket, Throwable error) {
                    result.completeExceptionally(error);
                  }
                })
            .get();
    try {
      return result.get();
    } finally {
      socket.abort();
    }
  }
}
