package io.flyball.instrumentation.langchain4j;

import dev.langchain4j.service.TokenStream;
import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Caller;
import io.flyball.wire.CallerScope;
import io.flyball.wire.Gateway;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Tells the engine for which AI service's method a thread works: in the method, in {@code start} of
 * the stream that it may have returned, and, on the client's thread, where an answer has come whose
 * tools are run before the service asks again. What reads that stream is a caller of its own: the
 * thread that started it knew whose call it is, the client's does not.
 */
public final class AiServicesPlugin implements Plugin {
  private static final String SOURCE = "ai-service";

  private final Gateway gateway;

  /** A stream is started later: by then the method that it is of has returned. */
  private final Map<Object, String> streams =
      Collections.synchronizedMap(new WeakHashMap<Object, String>());

  private final Map<Object, Caller> readers =
      Collections.synchronizedMap(new WeakHashMap<Object, Caller>());

  public AiServicesPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Gives the advice the scope that it closes. */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    CallerScope scope =
        hook.endsWith(":invoke") ? invoked(arguments[0], (Method) arguments[1]) : workOf(self);
    return scope == null ? null : Outcome.value(scope);
  }

  private CallerScope invoked(Object service, Method method) {
    if (method.getDeclaringClass() == Object.class) {
      return null;
    }
    Class<?>[] interfaces = service.getClass().getInterfaces();
    Class<?> type = interfaces.length == 0 ? method.getDeclaringClass() : interfaces[0];
    return gateway.beginNamed(SOURCE, type.getSimpleName() + '.' + method.getName());
  }

  private CallerScope workOf(Object stream) {
    if (stream instanceof TokenStream) {
      String name = streams.get(stream);
      return name == null ? null : gateway.beginNamed(SOURCE, name);
    }
    return gateway.resume(readers.get(stream));
  }

  /** A stream or what reads it was made on this thread. */
  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    if (self instanceof TokenStream) {
      String name = gateway.named(SOURCE);
      if (name != null) {
        streams.put(self, name);
      }
    } else {
      Caller caller = gateway.caller();
      if (caller != null) {
        readers.put(self, caller);
      }
    }
    return null;
  }
}
