package io.flyball.instrumentation.okhttp3;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import okhttp3.Call;
import okhttp3.Response;

/**
 * Ends one exchange of a call, which public means can do only together with the call: a call that
 * was cancelled answers nothing any more, and says so to the application.
 *
 * <p>What is asked for is a member of OkHttp's own: {@code Response.exchange} since 3.14, {@code
 * RealCall.streamAllocation()} before. Where it cannot be had, the call is cancelled.
 */
final class Exchanges {
  private static final Member OF_RESPONSE = ofResponse();

  private Exchanges() {}

  /**
   * What ends the exchange that a call has just got that response from. To be run on any thread: a
   * read of the response's body that waits fails then.
   */
  static Runnable abortion(Call call, Response response) {
    try {
      Object exchange = of(call, response);
      Method cancel = exchange == null ? null : exchange.getClass().getMethod("cancel");
      return cancel == null ? call::cancel : () -> run(cancel, exchange, call);
    } catch (ReflectiveOperationException | RuntimeException unreachable) {
      return call::cancel;
    }
  }

  private static void run(Method cancel, Object exchange, Call call) {
    try {
      cancel.invoke(exchange);
    } catch (ReflectiveOperationException | RuntimeException unreachable) {
      call.cancel();
    }
  }

  private static Object of(Call call, Response response) throws ReflectiveOperationException {
    if (OF_RESPONSE instanceof Method) {
      return ((Method) OF_RESPONSE).invoke(response);
    }
    if (OF_RESPONSE instanceof Field) {
      return ((Field) OF_RESPONSE).get(response);
    }
    return accessible(call.getClass().getDeclaredMethod("streamAllocation")).invoke(call);
  }

  private static Member ofResponse() {
    try {
      return Response.class.getMethod("exchange");
    } catch (NoSuchMethodException olderThanFour) {
      try {
        return accessible(Response.class.getDeclaredField("exchange"));
      } catch (NoSuchFieldException | RuntimeException olderStill) {
        return null;
      }
    }
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }
}
