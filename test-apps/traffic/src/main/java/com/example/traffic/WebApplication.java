package com.example.traffic;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.concurrent.TaskRunner;

/**
 * Asks a model twice, then cleans up after itself as a web application should. Its client has no
 * timeouts: okio's watchdog, a thread that would stay for a minute, is then not started.
 */
public final class WebApplication implements Callable<String> {
  private final String url;

  public WebApplication(String url) {
    this.url = url;
  }

  @Override
  public String call() throws Exception {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .connectTimeout(0, TimeUnit.SECONDS)
            .readTimeout(0, TimeUnit.SECONDS)
            .writeTimeout(0, TimeUnit.SECONDS)
            .build();
    try {
      return "blocking " + blocking(client) + ", enqueued " + enqueued(client);
    } finally {
      client.dispatcher().executorService().shutdown();
      client.connectionPool().evictAll();
      ((TaskRunner.RealBackend) TaskRunner.INSTANCE.getBackend()).shutdown();
      client.dispatcher().executorService().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private int blocking(OkHttpClient client) throws IOException {
    try (Response response = client.newCall(request()).execute()) {
      return response.body().string().length();
    }
  }

  private int enqueued(OkHttpClient client) throws InterruptedException, ExecutionException {
    CompletableFuture<Integer> length = new CompletableFuture<>();
    client
        .newCall(request())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {
                length.completeExceptionally(e);
              }

              @Override
              public void onResponse(Call call, Response response) throws IOException {
                try (Response closing = response) {
                  length.complete(closing.body().string().length());
                }
              }
            });
    return length.get();
  }

  private Request request() {
    return new Request.Builder()
        .url(url + "/v1/chat/completions")
        .post(
            RequestBody.create(
                MediaType.parse("application/json"),
                "{\"model\":\"gpt-4o-mini\",\"messages\":"
                    + "[{\"role\":\"user\",\"content\":\"Hello.\"}]}"))
        .build();
  }
}
