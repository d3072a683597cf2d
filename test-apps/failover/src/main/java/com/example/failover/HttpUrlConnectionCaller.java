package com.example.failover;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Without an SDK, on HttpURLConnection. */
public final class HttpUrlConnectionCaller implements Caller {
  private final String url;
  private final String key;

  public HttpUrlConnectionCaller(String baseUrl, String key) {
    this.url = baseUrl + "/chat/completions";
    this.key = key;
  }

  @Override
  public Completion ask(String model, boolean stream, String prompt) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Authorization", "Bearer " + key);
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(ChatJson.request(model, stream, prompt).getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      return ChatJson.read(status, stream, in);
    }
  }
}
