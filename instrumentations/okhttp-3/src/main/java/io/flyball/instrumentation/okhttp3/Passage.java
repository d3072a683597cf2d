package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Marks a client that sends one attempt of a call: its calls are not governed again. */
final class Passage implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    return chain.proceed(chain.request());
  }
}
