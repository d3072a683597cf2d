package io.flyball.instrumentation.httpurlconnection;

import java.lang.reflect.Field;
import java.net.HttpURLConnection;
import java.net.ProtocolException;

/**
 * Sets methods that {@link HttpURLConnection#setRequestMethod} refuses, such as PATCH, the way
 * libraries do it: in the field {@code method}, and the same in what stands in a field {@code
 * delegate}. Since Java 16 that needs an {@code --add-opens}; a library that got so far has it.
 */
final class RequestMethods {

  private RequestMethods() {}

  static void force(HttpURLConnection connection, String method) {
    try {
      connection.setRequestMethod(method);
    } catch (ProtocolException | IllegalStateException refused) {
      forceField(connection, method);
    }
  }

  private static void forceField(HttpURLConnection connection, String method) {
    try {
      Field field = HttpURLConnection.class.getDeclaredField("method");
      field.setAccessible(true);
      field.set(connection, method);
      Field inner = connection.getClass().getDeclaredField("delegate");
      inner.setAccessible(true);
      Object delegate = inner.get(connection);
      if (delegate instanceof HttpURLConnection) {
        forceField((HttpURLConnection) delegate, method);
      }
    } catch (NoSuchFieldException innermost) {
      // There is no further connection inside this one.
    } catch (IllegalAccessException | RuntimeException closed) {
      // The JDK is closed to us, then it was closed to whoever tried before.
    }
  }
}
