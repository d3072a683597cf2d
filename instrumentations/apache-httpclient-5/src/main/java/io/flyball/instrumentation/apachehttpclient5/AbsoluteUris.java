package io.flyball.instrumentation.apachehttpclient5;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.apache.hc.core5.http.message.BasicHttpRequest;

/** Whether a request names its whole address to the server; core 5.0 cannot be told so. */
final class AbsoluteUris {
  private static final Method IS = find("isAbsoluteRequestUri");
  private static final Method SET = find("setAbsoluteRequestUri", boolean.class);

  private AbsoluteUris() {}

  private static Method find(String name, Class<?>... parameters) {
    try {
      return BasicHttpRequest.class.getMethod(name, parameters);
    } catch (NoSuchMethodException olderCore) {
      return null;
    }
  }

  static void copy(BasicHttpRequest from, BasicHttpRequest to) {
    if (IS == null || SET == null) {
      return;
    }
    try {
      SET.invoke(to, IS.invoke(from));
    } catch (IllegalAccessException | InvocationTargetException hidden) {
      throw new IllegalStateException(hidden);
    }
  }
}
