package com.example.twin;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Calls through OkHttp 3, 4 and 5. */
final class OkHttpForms {
  private static final OkHttpClient CLIENT = builder().build();

  private OkHttpForms() {}

  /** Made only when used: trusting everybody takes a while. */
  private static final class Http2 {
    static final OkHttpClient CLIENT =
        builder()
            .sslSocketFactory(TrustEverybody.context().getSocketFactory(), TrustEverybody.MANAGER)
            .hostnameVerifier((host, session) -> true)
            .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
            .build();
  }

  private static OkHttpClient.Builder builder() {
    OkHttpClient.Builder builder = new OkHttpClient.Builder().readTimeout(10, TimeUnit.SECONDS);
    okhttp3.Dispatcher dispatcher = new okhttp3.Dispatcher();
    dispatcher.setMaxRequests(256);
    return builder.dispatcher(dispatcher);
  }

  @SuppressWarnings("deprecation") // the one that OkHttp 3 has, too
  private static Call call(OkHttpClient client, Order order) {
    Request.Builder request =
        new Request.Builder()
            .url(order.url())
            .post(RequestBody.create(MediaType.get("application/json"), order.body()));
    for (int i = 0; i < order.headers().size(); i += 2) {
      request.addHeader(order.headers().get(i), order.headers().get(i + 1));
    }
    return client.newCall(request.build());
  }

  private static void head(Response response, Sight sight) {
    sight.status(response.code());
    sight.headers(response.headers().toMultimap());
  }

  static void bytes(Order order, Sight sight) throws IOException {
    try (Response response = call(CLIENT, order).execute()) {
      head(response, sight);
      sight.bytes(response.body().bytes());
    }
  }

  static void stream(Order order, Sight sight) throws IOException {
    stream(CLIENT, order, sight);
  }

  static void http2(Order order, Sight sight) throws IOException {
    stream(Http2.CLIENT, order, sight);
  }

  private static void stream(OkHttpClient client, Order order, Sight sight) throws IOException {
    try (Response response = call(client, order).execute()) {
      head(response, sight);
      byte[] buffer = new byte[512];
      for (int n; (n = response.body().source().read(buffer)) >= 0; ) {
        sight.bytes(Arrays.copyOf(buffer, n));
      }
    }
  }

  static void enqueue(Order order, Sight sight) throws Exception {
    enqueue(CLIENT, order, sight);
  }

  static void http2Enqueue(Order order, Sight sight) throws Exception {
    enqueue(Http2.CLIENT, order, sight);
  }

  private static void enqueue(OkHttpClient client, Order order, Sight sight) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    call(client, order)
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException failure) {
                done.completeExceptionally(failure);
              }

              @Override
              public void onResponse(Call call, Response response) {
                try (response) {
                  head(response, sight);
                  sight.drain(response.body().byteStream());
                  done.complete(null);
                } catch (IOException | RuntimeException failure) {
                  done.completeExceptionally(failure);
                }
              }
            });
    done.get(20, TimeUnit.SECONDS);
  }
}
