package com.example.failover.java17;

import com.example.failover.Caller;
import com.example.failover.ChatJson;
import com.example.failover.Completion;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Without an SDK, on java.net.http. */
public final class JavaHttpCaller implements Caller {
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI url;
  private final String key;

  public JavaHttpCaller(String baseUrl, String key) {
    this.url = URI.create(baseUrl + "/chat/completions");
    this.key = key;
  }

  @Override
  public Completion ask(String model, boolean stream, String prompt) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofString(ChatJson.request(model, stream, prompt)))
            .build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      return ChatJson.read(response.statusCode(), stream, in);
    }
  }
}
