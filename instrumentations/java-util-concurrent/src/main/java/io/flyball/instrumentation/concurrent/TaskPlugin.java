package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.TaskHooks;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.Gateway;
import io.flyball.wire.InboundScope;

/** Lets tasks be done for what the thread worked for that handed them over. */
public final class TaskPlugin implements Plugin, TaskHooks {
  private final Gateway gateway;
  private final HandedOver handedOver = new HandedOver();

  /**
   * All that tasks without a request ask of it has been asked once when it is there: later that
   * could be in the middle of the JDK's own scheduling, where classes must not be loaded.
   */
  public TaskPlugin(Gateway gateway) {
    this.gateway = gateway;
    Object task = new Object();
    handedOver.add(task, task);
    handedOver.add(task, null);
    begin(task);
    begin(task);
    handOver(task);
    execute(this::leave);
    capture("");
  }

  @Override
  public Object capture(Object task) {
    return gateway.worksForInbound() && (task == null || !isForeign(task))
        ? gateway.captureInbound()
        : null;
  }

  private static boolean isForeign(Object task) {
    return ForeignTasks.carry(task) || ForeignTasks.include(task);
  }

  @Override
  public AutoCloseable resume(Object captured) {
    return ((CapturedInbound) captured).resume();
  }

  @Override
  public InboundScope leave() {
    return gateway.leaveInbound();
  }

  @Override
  public void handOver(Object task) {
    CapturedInbound captured = gateway.worksForInbound() ? gateway.captureInbound() : null;
    if (captured != null) {
      handedOver.add(task, captured);
    }
  }

  /** The same object may have been given before, for something else. */
  @Override
  public void execute(Runnable task) {
    CapturedInbound captured = gateway.worksForInbound() ? gateway.captureInbound() : null;
    if ((captured != null || !handedOver.isEmpty()) && !isForeign(task)) {
      handedOver.add(task, captured);
    }
  }

  @Override
  public AutoCloseable begin(Object task) {
    Object captured = handedOver.take(task);
    return captured == null ? gateway.leaveInbound() : ((CapturedInbound) captured).resume();
  }
}
