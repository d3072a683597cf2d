package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/**
 * TLS for hosts that are not the application's own: trusts whom the application trusts, but does
 * not identify itself with the application's client certificate.
 *
 * <p>Since OkHttp 4 a client tells whom it trusts. From a 3.x client only the socket factory can be
 * had, in which trust and identity are one; it is used as it is then.
 */
final class StrangersTls {
  private static final Method TRUST_MANAGER = find();

  /**
   * By the application's factory, so that attempts of one client share connections and sessions.
   */
  private final Map<SSLSocketFactory, SSLSocketFactory> anonymous =
      Collections.synchronizedMap(new WeakHashMap<>());

  private static Method find() {
    try {
      return OkHttpClient.class.getMethod("x509TrustManager");
    } catch (NoSuchMethodException olderOkHttp) {
      return null;
    }
  }

  /**
   * @param builder of a client derived from that one
   */
  void apply(OkHttpClient client, OkHttpClient.Builder builder) throws IOException {
    if (TRUST_MANAGER == null) {
      return;
    }
    try {
      X509TrustManager trust = (X509TrustManager) TRUST_MANAGER.invoke(client);
      if (trust == null) {
        return;
      }
      SSLSocketFactory own = client.sslSocketFactory();
      SSLSocketFactory factory = anonymous.get(own);
      if (factory == null) {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        factory = context.getSocketFactory();
        anonymous.put(own, factory);
      }
      builder.sslSocketFactory(factory, trust);
    } catch (IllegalAccessException | InvocationTargetException | GeneralSecurityException e) {
      throw new IOException("no TLS for another host", e);
    }
  }
}
