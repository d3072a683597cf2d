package com.example.traffic;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

final class OkHttpChat implements ChatClient {
  private static final MediaType JSON = MediaType.parse("application/json");

  private final OkHttpClient client =
      new OkHttpClient.Builder().readTimeout(60, TimeUnit.SECONDS).build();

  @Override
  public Question ask(String url, String json) {
    Request request = new Request.Builder().url(url).post(RequestBody.create(JSON, json)).build();
    return new OkHttpQuestion(client.newCall(request));
  }

  @Override
  public Object underlying() {
    return client;
  }

  private static final class OkHttpQuestion implements Question {
    private final Call call;

    OkHttpQuestion(Call call) {
      this.call = call;
    }

    @Override
    public Reply send() throws IOException {
      Response response = call.execute();
      return new Reply(response.code(), response.body().byteStream(), response);
    }

    @Override
    public void cancel() {
      call.cancel();
    }
  }
}
