package io.flyball.instrumentation.okhttp3;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import okhttp3.RequestBody;

/** What a request body says of itself; OkHttp asks only since 3.14, so not every version can. */
final class BodyTraits {
  private static final Method IS_DUPLEX = find("isDuplex");
  private static final Method IS_ONE_SHOT = find("isOneShot");

  private BodyTraits() {}

  /** Whether it may be written at another time than OkHttp would, and more than once. */
  static boolean isReplayable(RequestBody body) {
    return !is(IS_DUPLEX, body) && !is(IS_ONE_SHOT, body);
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
