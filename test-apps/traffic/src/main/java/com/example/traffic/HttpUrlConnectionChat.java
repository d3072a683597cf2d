package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;

final class HttpUrlConnectionChat implements ChatClient {
  private volatile HttpURLConnection latest;

  @Override
  public Question ask(String url, String json) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setReadTimeout(60_000);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    latest = connection;
    return new UrlQuestion(connection, json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Object underlying() {
    return latest;
  }

  private static final class UrlQuestion implements Question {
    private final HttpURLConnection connection;
    private final byte[] body;

    UrlQuestion(HttpURLConnection connection, byte[] body) {
      this.connection = connection;
      this.body = body;
    }

    @Override
    public Reply send() throws IOException {
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
      int status = connection.getResponseCode();
      InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      return new Reply(status, in, in == null ? connection::disconnect : in);
    }

    @Override
    public void cancel() {
      connection.disconnect();
    }
  }
}
