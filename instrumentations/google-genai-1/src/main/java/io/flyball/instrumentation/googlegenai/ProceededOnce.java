package io.flyball.instrumentation.googlegenai;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import okhttp3.Interceptor.Chain;
import okhttp3.Response;

/**
 * A chain after its first {@code proceed}, which is not made again. A proxy, because the methods of
 * a chain differ between the versions of OkHttp.
 */
final class ProceededOnce implements InvocationHandler {
  private final Chain chain;
  private Response response;
  private Throwable failure;

  private ProceededOnce(Response response, Throwable failure, Chain chain) {
    this.response = response;
    this.failure = failure;
    this.chain = chain;
  }

  /**
   * One of the first two is null.
   *
   * @param response what the first {@code proceed} returns
   * @param failure what it throws
   * @param chain does everything else
   */
  static Chain with(Response response, Throwable failure, Chain chain) {
    return (Chain)
        Proxy.newProxyInstance(
            Chain.class.getClassLoader(),
            new Class<?>[] {Chain.class},
            new ProceededOnce(response, failure, chain));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("proceed")) {
      Response made = response;
      Throwable thrown = failure;
      response = null;
      failure = null;
      if (thrown != null) {
        throw thrown;
      }
      if (made != null) {
        return made;
      }
    }
    try {
      return method.invoke(chain, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
