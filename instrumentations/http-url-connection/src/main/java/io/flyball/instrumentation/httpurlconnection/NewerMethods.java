package io.flyball.instrumentation.httpurlconnection;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSession;

/** Methods of the JDK's connections that Java 8 does not have. */
final class NewerMethods {
  /** Java 9. */
  private static final MethodHandle SET_AUTHENTICATOR =
      find(
          HttpURLConnection.class,
          "setAuthenticator",
          MethodType.methodType(void.class, Authenticator.class));

  /** Java 12. */
  private static final MethodHandle GET_SSL_SESSION =
      find(HttpsURLConnection.class, "getSSLSession", MethodType.methodType(Optional.class));

  private NewerMethods() {}

  private static MethodHandle find(Class<?> owner, String name, MethodType type) {
    try {
      return MethodHandles.publicLookup().findVirtual(owner, name, type);
    } catch (NoSuchMethodException | IllegalAccessException olderJava) {
      return null;
    }
  }

  static void setAuthenticator(HttpURLConnection connection, Authenticator authenticator) {
    if (SET_AUTHENTICATOR == null) {
      throw new UnsupportedOperationException("setAuthenticator");
    }
    try {
      SET_AUTHENTICATOR.invokeExact(connection, authenticator);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @SuppressWarnings("unchecked")
  static Optional<SSLSession> sslSession(HttpsURLConnection connection) {
    if (GET_SSL_SESSION == null) {
      throw new UnsupportedOperationException("getSSLSession");
    }
    try {
      return (Optional<SSLSession>) (Optional<?>) GET_SSL_SESSION.invokeExact(connection);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
