package com.example.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The provider's HTTP API; every company has a fine-tuned model of its own. */
final class Models {
  private final String baseUrl;
  private final String apiKey;
  private final OkHttpClient list = new OkHttpClient();

  Models(String baseUrl, String apiKey) {
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
  }

  /** The provider's answer, as JSON. */
  String ask(String company, String question) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(baseUrl + "/chat/completions").openConnection();
    connection.setRequestMethod("POST");
    connection.setConnectTimeout(5_000);
    connection.setReadTimeout(30_000);
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Authorization", "Bearer " + apiKey);
    String body =
        "{\"model\":\"support-"
            + company
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + question
            + "\"}]}";
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    }
    if (connection.getResponseCode() != 200) {
      throw new IOException(
          "HTTP " + connection.getResponseCode() + ": " + readAll(connection.getErrorStream()));
    }
    return readAll(connection.getInputStream());
  }

  /** Asks which models there are; what comes of it is told on a thread of OkHttp's. */
  void list(Runnable then) {
    list.newCall(
            new Request.Builder()
                .url(baseUrl + "/models")
                .header("Authorization", "Bearer " + apiKey)
                .build())
        .enqueue(
            new Callback() {
              @Override
              public void onResponse(Call call, Response response) {
                response.close();
                then.run();
              }

              @Override
              public void onFailure(Call call, IOException failure) {
                then.run();
              }
            });
  }

  private static String readAll(InputStream in) throws IOException {
    try (InputStream source = in) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }
  }
}
