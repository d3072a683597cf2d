package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.CookieJar;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/**
 * Clients for attempts that are calls of their own, derived from the application's. Making one
 * costs more than the rest of an attempt, so the latest for the application's own host is kept,
 * weakly: a derived client may lead to the application's through what the application has
 * configured.
 */
final class AttemptClients {
  private final StrangersTls strangersTls = new StrangersTls();
  private final Map<OkHttpClient, WeakReference<OkHttpClient>> own =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final Map<OkHttpClient, WeakReference<OkHttpClient>> unheard =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * For where the application's call goes.
   *
   * @param chain says which time limits the application's interceptors have set
   */
  OkHttpClient own(OkHttpClient client, Interceptor.Chain chain) {
    return kept(own, client, chain, true);
  }

  /** The same for what is no call of its own to the application's {@code EventListener}. */
  OkHttpClient unheard(OkHttpClient client, Interceptor.Chain chain) {
    return kept(unheard, client, chain, false);
  }

  private static OkHttpClient kept(
      Map<OkHttpClient, WeakReference<OkHttpClient>> all,
      OkHttpClient client,
      Interceptor.Chain chain,
      boolean heard) {
    WeakReference<OkHttpClient> kept = all.get(client);
    OkHttpClient latest = kept == null ? null : kept.get();
    if (latest == null || !hasTimeoutsOf(chain, latest)) {
      OkHttpClient.Builder builder = derive(client, chain);
      latest = heard ? builder.build() : builder.eventListener(new EventListener() {}).build();
      all.put(client, new WeakReference<>(latest));
    }
    return latest;
  }

  /** For another host: without what is or holds the application's credentials. */
  OkHttpClient foreign(OkHttpClient client, Interceptor.Chain chain) throws IOException {
    OkHttpClient.Builder builder = derive(client, chain);
    builder.networkInterceptors().clear();
    builder
        .authenticator(Authenticator.NONE)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        .followRedirects(false)
        .followSslRedirects(false);
    strangersTls.apply(client, builder);
    return builder.build();
  }

  private static OkHttpClient.Builder derive(OkHttpClient client, Interceptor.Chain chain) {
    OkHttpClient.Builder builder =
        client
            .newBuilder()
            .connectTimeout(chain.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
            .readTimeout(chain.readTimeoutMillis(), TimeUnit.MILLISECONDS)
            .writeTimeout(chain.writeTimeoutMillis(), TimeUnit.MILLISECONDS);
    builder.interceptors().clear();
    builder.interceptors().add(new Passage());
    return builder;
  }

  private static boolean hasTimeoutsOf(Interceptor.Chain chain, OkHttpClient client) {
    return client.connectTimeoutMillis() == chain.connectTimeoutMillis()
        && client.readTimeoutMillis() == chain.readTimeoutMillis()
        && client.writeTimeoutMillis() == chain.writeTimeoutMillis();
  }
}
