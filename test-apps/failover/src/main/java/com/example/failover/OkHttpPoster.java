package com.example.failover;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** On OkHttp. */
public final class OkHttpPoster implements Poster {
  private final OkHttpClient client =
      new OkHttpClient.Builder().readTimeout(60, TimeUnit.SECONDS).build();

  @Override
  public Posted post(String url, Map<String, String> headers, byte[] body) throws IOException {
    Request request =
        new Request.Builder()
            .url(url)
            .headers(Headers.of(headers))
            .post(RequestBody.create(null, body))
            .build();
    Response response = client.newCall(request).execute();
    return new Posted(
        response.code(),
        response.headers().toMultimap(),
        response.body().byteStream(),
        response::close);
  }
}
