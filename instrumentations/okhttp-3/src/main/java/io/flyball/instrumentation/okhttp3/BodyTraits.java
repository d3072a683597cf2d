package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import okhttp3.RequestBody;

/** What a request body says of itself; OkHttp asks only since 3.14, so not every version can. */
final class BodyTraits {
  private static final Method IS_DUPLEX = find("isDuplex");
  private static final Method IS_ONE_SHOT = find("isOneShot");

  private BodyTraits() {}

  /** Whether it is written while its answer is read. */
  static boolean isDuplex(RequestBody body) {
    return is(IS_DUPLEX, body);
  }

  /** Whether it can be written once only. */
  static boolean isOneShot(RequestBody body) {
    return is(IS_ONE_SHOT, body);
  }

  /**
   * The array that one of OkHttp's own bodies ({@code RequestBody.create}) writes from, when it is
   * all of it; null for any other body, and where it cannot be looked at. It may be the
   * application's, which writes to it again once its call has returned: to be copied at once.
   */
  static byte[] ownBytes(RequestBody body) {
    Class<?> type = body.getClass();
    if (!type.getName().startsWith("okhttp3.RequestBody$")
        || type.getClassLoader() != RequestBody.class.getClassLoader()) {
      return null;
    }
    try {
      byte[] found = null;
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() == byte[].class && !Modifier.isStatic(field.getModifiers())) {
          if (found != null) {
            return null;
          }
          field.setAccessible(true);
          found = (byte[]) field.get(body);
        }
      }
      return found != null && found.length == body.contentLength() ? found : null;
    } catch (IllegalAccessException | IOException | RuntimeException hidden) {
      return null;
    }
  }

  private static Method find(String name) {
    try {
      return RequestBody.class.getMethod(name);
    } catch (NoSuchMethodException olderOkHttp) {
      return null;
    }
  }

  private static boolean is(Method trait, RequestBody body) {
    try {
      return trait != null && (Boolean) trait.invoke(body);
    } catch (IllegalAccessException | InvocationTargetException unanswered) {
      return true;
    }
  }
}
