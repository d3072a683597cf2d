package com.example.shop;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;

/** Application code: Flyball's own packages are no call sites. */
public final class Recommendations {
  private Recommendations() {}

  public static String now(Call call) throws IOException {
    try (Response response = call.execute()) {
      return response.body().string();
    }
  }

  public static CompletableFuture<String> later(Call call) {
    CompletableFuture<String> text = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException failure) {
            text.completeExceptionally(failure);
          }

          @Override
          public void onResponse(Call answered, Response response) throws IOException {
            try (Response closing = response) {
              text.complete(closing.body().string());
            }
          }
        });
    return text;
  }
}
