package io.flyball.instrumentation.javahttpclient;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.util.Optional;

/** Which connection a response came over, which the client tells since Java 25. */
final class ConnectionLabels {
  private static final Method LABEL = find();

  private ConnectionLabels() {}

  private static Method find() {
    try {
      return HttpResponse.class.getMethod("connectionLabel");
    } catch (NoSuchMethodException olderJdk) {
      return null;
    }
  }

  @SuppressWarnings("unchecked")
  static Optional<String> of(HttpResponse<?> response) {
    try {
      return LABEL == null || response == null
          ? Optional.empty()
          : (Optional<String>) LABEL.invoke(response);
    } catch (IllegalAccessException | InvocationTargetException untold) {
      return Optional.empty();
    }
  }
}
