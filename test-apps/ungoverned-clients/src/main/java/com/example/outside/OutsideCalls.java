package com.example.outside;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.http.impl.client.HttpClientBuilder;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;

/** Makes calls of one model through the clients that the first argument names, and prints how. */
public final class OutsideCalls {
  private static final String BODY =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello?\"}]}";

  private OutsideCalls() {}

  public static void main(String[] arguments) throws Exception {
    String url = arguments[1];
    for (String client : arguments[0].split("\\+")) {
      for (int call = 0; call < 3; call++) {
        System.out.println(client + " | " + answer(client, url));
      }
    }
    System.exit(0);
  }

  private static String answer(String client, String url) throws Exception {
    switch (client) {
      case "apache-5":
        return apache5(url);
      case "apache-5-async":
        return apache5Async(url);
      case "apache-4":
        return apache4(url);
      case "reactor-netty":
        return reactorNetty(url);
      case "web-client":
        return webClient(url);
      case "jetty":
        return RarerClients.jetty(url, BODY);
      case "vertx":
        return RarerClients.vertx(url, BODY);
      case "grpc-netty":
        return RarerClients.grpcNetty(url);
      case "grpc-okhttp":
        return RarerClients.grpcOkHttp(url);
      case "ktor":
        return RarerClients.ktor(url);
      case "async-http-client":
        return RarerClients.asyncHttpClient(url, BODY);
      case "netty":
        return RarerClients.netty(url, BODY);
      case "okhttp":
        return okHttp(url);
      default:
        return javaHttpClient(url);
    }
  }

  private static String apache5(String url) throws IOException {
    try (CloseableHttpClient client = HttpClients.createDefault()) {
      HttpPost post = new HttpPost(url);
      post.setEntity(new StringEntity(BODY, ContentType.APPLICATION_JSON));
      return client.execute(post, response -> String.valueOf(response.getCode()));
    }
  }

  private static String apache5Async(String url) throws Exception {
    try (CloseableHttpAsyncClient client = HttpAsyncClients.createDefault()) {
      client.start();
      SimpleHttpRequest post =
          SimpleRequestBuilder.post(url).setBody(BODY, ContentType.APPLICATION_JSON).build();
      return String.valueOf(client.execute(post, null).get().getCode());
    }
  }

  private static String apache4(String url) throws IOException {
    try (org.apache.http.impl.client.CloseableHttpClient client =
        HttpClientBuilder.create().build()) {
      org.apache.http.client.methods.HttpPost post =
          new org.apache.http.client.methods.HttpPost(url);
      post.setEntity(
          new org.apache.http.entity.StringEntity(
              BODY, org.apache.http.entity.ContentType.APPLICATION_JSON));
      return String.valueOf(client.execute(post).getStatusLine().getStatusCode());
    }
  }

  private static String reactorNetty(String url) {
    return reactor.netty.http.client.HttpClient.newConnection()
        .post()
        .uri(url)
        .send(ByteBufFlux.fromString(Mono.just(BODY)))
        .responseSingle((response, body) -> Mono.just(String.valueOf(response.status().code())))
        .block();
  }

  private static String webClient(String url) {
    return WebClient.create()
        .post()
        .uri(url)
        .bodyValue(BODY)
        .exchangeToMono(response -> Mono.just(String.valueOf(response.statusCode().value())))
        .block();
  }

  private static String okHttp(String url) throws IOException {
    Request request =
        new Request.Builder()
            .url(url)
            .post(RequestBody.create(BODY, MediaType.get("application/json")))
            .build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      return String.valueOf(response.code());
    }
  }

  private static String javaHttpClient(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
    return String.valueOf(
        HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString())
            .statusCode());
  }
}
