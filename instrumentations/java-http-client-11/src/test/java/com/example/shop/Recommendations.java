package com.example.shop;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** Application code: Flyball's own packages are no call sites. */
public final class Recommendations {
  private Recommendations() {}

  public static HttpResponse<String> now(HttpClient client, HttpRequest request) throws Exception {
    return client.send(request, BodyHandlers.ofString());
  }

  public static CompletableFuture<HttpResponse<String>> later(
      HttpClient client, HttpRequest request) {
    return client.sendAsync(request, BodyHandlers.ofString());
  }
}
