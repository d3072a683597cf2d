package io.flyball.instrumentation.reactor;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.Gateway;
import io.flyball.wire.InboundScope;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/**
 * Takes the inbound request along from where somebody subscribes. Which one it is stands in
 * Reactor's context, so that operators find it that subscribe later and elsewhere; those without
 * one are left as they are.
 */
public final class ReactorPlugin implements Plugin {
  private static final String NAME = "flyball";

  /** What Reactor itself schedules belongs to a subscription, not to the thread that is there. */
  private static final String OPERATORS = "reactor.core.publisher.";

  /**
   * Subscribers that pass signals on to several others, each of which may have come from another
   * request or from none.
   */
  private static final Set<String> SHARED =
      new HashSet<>(
          Arrays.asList(
              OPERATORS + "FluxPublish$PublishSubscriber",
              OPERATORS + "FluxReplay$ReplaySubscriber",
              OPERATORS + "MonoCacheTime$CoordinatorSubscriber",
              OPERATORS + "MonoCacheInvalidateIf$CoordinatorSubscriber",
              OPERATORS + "MonoCacheInvalidateWhen$CoordinatorSubscriber",
              OPERATORS + "NextProcessor",
              OPERATORS + "EmitterProcessor",
              OPERATORS + "SinkManyEmitterProcessor",
              OPERATORS + "DirectProcessor",
              OPERATORS + "ReplayProcessor",
              OPERATORS + "SinkManyReplayProcessor"));

  private final Gateway gateway;
  private final AtomicBoolean registered = new AtomicBoolean();

  public ReactorPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Reactor's hooks can be used from now on. */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (registered.compareAndSet(false, true)) {
      Function<? super Publisher<Object>, ? extends Publisher<Object>> lift =
          Operators.liftPublisher((publisher, subscriber) -> carrying(subscriber));
      // A value that is there already is given to whoever subscribes, on the same thread.
      Hooks.onEachOperator(
          NAME,
          publisher ->
              publisher instanceof Fuseable.ScalarCallable ? publisher : lift.apply(publisher));
      Schedulers.onScheduleHook(NAME, this::carrying);
    }
    return null;
  }

  private CoreSubscriber<? super Object> carrying(CoreSubscriber<? super Object> subscriber) {
    CapturedInbound captured = of(subscriber);
    if (captured == null) {
      captured = gateway.captureInbound();
    }
    if (captured == null) {
      return subscriber;
    }
    return SHARED.contains(subscriber.getClass().getName())
        ? new SharedSubscriber(gateway, subscriber)
        : new CarryingSubscriber(captured, subscriber);
  }

  private Runnable carrying(Runnable task) {
    CapturedInbound captured =
        task.getClass().getName().startsWith(OPERATORS)
            ? of(subscriberOf(task))
            : gateway.captureInbound();
    return captured == null ? task : () -> run(task, captured);
  }

  private static void run(Runnable task, CapturedInbound captured) {
    InboundScope scope = captured.resume();
    try {
      task.run();
    } finally {
      if (scope != null) {
        scope.close();
      }
    }
  }

  /** The one that an operator's task works for, or null. */
  private static Object subscriberOf(Runnable task) {
    return task instanceof CoreSubscriber || !(task instanceof Scannable)
        ? task
        : ((Scannable) task).scanUnsafe(Scannable.Attr.ACTUAL);
  }

  private static CapturedInbound of(Object subscriber) {
    return subscriber instanceof CoreSubscriber
        ? ((CoreSubscriber<?>) subscriber)
            .currentContext()
            .getOrDefault(CapturedInbound.class, null)
        : null;
  }
}
