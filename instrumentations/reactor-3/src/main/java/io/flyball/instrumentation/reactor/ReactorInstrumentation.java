package io.flyball.instrumentation.reactor;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reactor from 3.4. No client: what is subscribed to while a request is served is done for it, on
 * whichever threads. Reactor's own hooks are used for it, so all that is woven is the moment from
 * which they can be.
 */
public final class ReactorInstrumentation implements ClientInstrumentation {
  private static final String HOOKS = "reactor.core.publisher.Hooks";

  @Override
  public String name() {
    return "reactor-3";
  }

  @Override
  public Set<String> follows() {
    return new HashSet<>(Arrays.asList("servlet-3", "servlet-5", "logging-context"));
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(new Hook(HOOKS, "<clinit>", HooksReadyAdvice.class.getName()));
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method(HOOKS, "onEachOperator"),
        Witness.method("reactor.core.publisher.Operators", "liftPublisher"),
        Witness.method("reactor.core.scheduler.Schedulers", "onScheduleHook"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.reactor.ReactorPlugin";
  }
}
