package com.example.traffic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;
import okio.Okio;
import okio.Source;

final class OkHttpErrands implements Errands.Runner {
  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .cookieJar(new Cookies())
          .authenticator(
              (route, response) ->
                  response
                      .request()
                      .newBuilder()
                      .header("Authorization", Credentials.basic("aladdin", "opensesame"))
                      .build())
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
      errands.run("GET " + path, () -> answer(new Request.Builder().url(url + path)));
    }
    errands.run("HEAD", () -> answer(new Request.Builder().url(url + "/plain").head()));
    errands.run("DELETE", () -> answer(new Request.Builder().url(url + "/plain").delete()));
    errands.run("PUT", () -> answer(body(url + "/plain", "text/plain", "put this", "PUT")));
    for (String[] post : Errands.lookalikes()) {
      errands.run("POST " + post[0], () -> answer(body(url + post[0], post[1], post[2], "POST")));
    }
    errands.run("enqueued form", () -> enqueued(form(url + "/form")));
    errands.run("multipart", () -> answer(multipart(url + "/v1/files")));
    errands.run("chunked upload", () -> answer(stream(url + "/v1/chat/completions", -1)));
    errands.run(
        "large upload", () -> answer(stream(url + "/large/v1/chat/completions", Errands.LARGE)));
    errands.run("large download", () -> answer(new Request.Builder().url(url + "/large")));
    errands.run("WebSocket", () -> webSocket(url + "/socket"));
    errands.run("nobody there", () -> answer(form("http://127.0.0.1:1/v1/chat/completions")));
    client.dispatcher().executorService().shutdown();
  }

  private static Request.Builder body(String url, String type, String body, String method) {
    return new Request.Builder()
        .url(url)
        .method(method, RequestBody.create(MediaType.parse(type), Errands.utf8(body)));
  }

  private static Request.Builder form(String url) {
    return new Request.Builder().url(url).post(new FormBody.Builder().add("a", "ä b").build());
  }

  private static Request.Builder multipart(String url) {
    return new Request.Builder()
        .url(url)
        .post(
            new MultipartBody.Builder("fixed-boundary")
                .setType(MultipartBody.FORM)
                .addFormDataPart("purpose", "assistants")
                .addFormDataPart(
                    "file", "a.txt", RequestBody.create(MediaType.parse("text/plain"), "text"))
                .build());
  }

  /** Of unknown length when the length is negative: it is then sent in chunks. */
  private static Request.Builder stream(String url, long length) {
    return new Request.Builder()
        .url(url)
        .post(
            new RequestBody() {
              @Override
              public MediaType contentType() {
                return MediaType.parse("application/octet-stream");
              }

              @Override
              public long contentLength() {
                return length;
              }

              @Override
              public void writeTo(BufferedSink sink) throws IOException {
                if (length < 0) {
                  sink.writeUtf8("part one").flush();
                  sink.writeUtf8("part two");
                } else {
                  try (Source large = Okio.source(Errands.large())) {
                    sink.writeAll(large);
                  }
                }
              }
            });
  }

  private String answer(Request.Builder request) throws IOException {
    try (Response response = client.newCall(request.build()).execute()) {
      return describe(response);
    }
  }

  private static String describe(Response response) throws IOException {
    return response.code()
        + " "
        + response.message()
        + " "
        + response.headers().toMultimap()
        + " "
        + response.request().url().encodedPath()
        + " "
        + Errands.sum(response.body().byteStream());
  }

  private String enqueued(Request.Builder request) throws Exception {
    CompletableFuture<String> result = new CompletableFuture<>();
    client
        .newCall(request.build())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {
                result.completeExceptionally(e);
              }

              @Override
              public void onResponse(Call call, Response response) throws IOException {
                try (Response closing = response) {
                  result.complete(describe(closing));
                }
              }
            });
    return result.get();
  }

  private String webSocket(String url) throws Exception {
    CompletableFuture<String> result = new CompletableFuture<>();
    client.newWebSocket(
        new Request.Builder().url(url).build(),
        new WebSocketListener() {
          @Override
          public void onMessage(WebSocket socket, String text) {
            socket.cancel();
            result.complete(text);
          }

          @Override
          public void onFailure(WebSocket socket, Throwable failure, Response response) {
            result.completeExceptionally(failure);
          }
        });
    return result.get();
  }

  private static final class Cookies implements CookieJar {
    private final List<Cookie> kept = new ArrayList<>();

    @Override
    public synchronized void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
      kept.addAll(cookies);
    }

    @Override
    public synchronized List<Cookie> loadForRequest(HttpUrl url) {
      return new ArrayList<>(kept);
    }
  }
}
