package com.example.traffic.jdk;

import com.example.traffic.Heavy;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** With java.net.http, in turn blocking and asynchronous. */
public final class JavaHttpHeavy implements Heavy.Poster {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private int count;

  @Override
  public String post(String url, byte[] body, boolean streamed) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .POST(
                streamed
                    ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                    : BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<InputStream> response =
        isBlocking()
            ? client.send(request, BodyHandlers.ofInputStream())
            : client.sendAsync(request, BodyHandlers.ofInputStream()).get();
    return Heavy.read(response.statusCode(), response.body());
  }

  private synchronized boolean isBlocking() {
    return count++ % 2 == 0;
  }
}
