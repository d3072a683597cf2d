package io.flyball.javaagent;

import io.flyball.wire.Body;
import io.flyball.wire.Completions;
import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Transport;
import io.flyball.wire.WireResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.concurrent.CompletionStage;

/**
 * Rights under a security manager, where woven code comes to us with those of the application. What
 * the engine does is done with ours; what is sent for the application, and what it hears of it,
 * with those that it had when it made the call.
 */
final class Privileges {
  private static final int FIRST_RELEASE_WITHOUT_SECURITY_MANAGER = 24;

  private static final boolean MAY_BE_NEEDED =
      release(System.getProperty("java.specification.version", "1.8"))
          < FIRST_RELEASE_WITHOUT_SECURITY_MANAGER;

  private Privileges() {}

  private static int release(String version) {
    return version.startsWith("1.") ? 8 : Integer.parseInt(version.split("\\.")[0]);
  }

  /** Whether there is a security manager. */
  static boolean areNeeded() {
    return MAY_BE_NEEDED && System.getSecurityManager() != null;
  }

  /** The engine, for a plugin: itself where there is no security manager. */
  static Gateway of(Gateway engine) {
    return areNeeded() ? inPlaceOf(Gateway.class, engine, null) : engine;
  }

  /**
   * @param context null: with our rights
   */
  private static <T> T inPlaceOf(Class<T> type, T target, AccessControlContext context) {
    return type.cast(
        Proxy.newProxyInstance(
            Privileges.class.getClassLoader(),
            new Class<?>[] {type},
            new Forwarding(target, context)));
  }

  /** What the engine is given, or gives, in terms that the same holds for. */
  private static Object handedIn(Object argument) {
    return argument instanceof Transport
        ? inPlaceOf(Transport.class, (Transport) argument, AccessController.getContext())
        : argument;
  }

  private static Object handedOut(Object result) {
    if (result instanceof GovernedCall) {
      return inPlaceOf(GovernedCall.class, (GovernedCall) result, null);
    }
    if (result instanceof WireResponse) {
      WireResponse response = (WireResponse) result;
      return response.withBody(inPlaceOf(Body.class, response.body(), null));
    }
    return result;
  }

  /** Calls the same method of another object. */
  private static final class Forwarding implements InvocationHandler {
    private final Object target;
    private final AccessControlContext context;

    Forwarding(Object target, AccessControlContext context) {
      this.target = target;
      this.context = context;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      boolean execution = target instanceof GovernedCall && arguments != null;
      if (execution) {
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = handedIn(arguments[i]);
        }
      }
      PrivilegedExceptionAction<Object> call = () -> method.invoke(target, arguments);
      Object result;
      try {
        result =
            context == null
                ? AccessController.doPrivileged(call)
                : AccessController.doPrivileged(call, context);
      } catch (PrivilegedActionException failed) {
        Throwable thrown = failed.getException();
        throw thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
      }
      if (context != null) {
        return result;
      }
      return execution && result instanceof CompletionStage
          ? Completions.then(
              (CompletionStage<?>) result,
              (answer, failure) ->
                  failure == null
                      ? Completions.completed(handedOut(answer))
                      : Completions.failed(failure))
          : handedOut(result);
    }
  }
}
