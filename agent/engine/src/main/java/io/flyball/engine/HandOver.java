package io.flyball.engine;

import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.wire.CallerScope;
import io.flyball.engine.wire.CapturedInbound;
import io.flyball.engine.wire.InboundScope;
import java.util.Objects;

/**
 * All that goes along when a thread hands work to another: the inbound request that it works for,
 * and whom frameworks say that it works for. Both or none change with a task. Thread safe.
 */
final class HandOver {
  private final InboundRequests requests;
  private final FrameworkScopes frameworks;

  HandOver(InboundRequests requests, FrameworkScopes frameworks) {
    this.requests = requests;
    this.frameworks = frameworks;
  }

  /** Whether there is something to hand over. */
  boolean works() {
    return requests.works() || frameworks.work();
  }

  /** What this thread works for, as far as those rules want it; null for nothing. */
  CapturedInbound captured(AttributionRules rules) {
    CapturedInbound request = requests.captured(rules);
    FrameworkScopes.Scope frameworksWork = frameworks.current();
    return request == null && frameworksWork == null ? null : new Captured(request, frameworksWork);
  }

  /** This thread works for nothing until it is closed; null when it does not anyway. */
  InboundScope leave() {
    return both(requests.leave(), frameworks.adopt(null));
  }

  private static InboundScope both(InboundScope request, CallerScope frameworksWork) {
    if (frameworksWork == null) {
      return request;
    }
    return request == null
        ? frameworksWork::close
        : () -> {
          frameworksWork.close();
          request.close();
        };
  }

  /** Immutable; equal to what was captured of the same. */
  private final class Captured implements CapturedInbound {
    /** Null for none, as the other is. */
    private final CapturedInbound request;

    private final FrameworkScopes.Scope frameworksWork;

    Captured(CapturedInbound request, FrameworkScopes.Scope frameworksWork) {
      this.request = request;
      this.frameworksWork = frameworksWork;
    }

    @Override
    public InboundScope resume() {
      return both(
          request == null ? requests.leave() : request.resume(), frameworks.adopt(frameworksWork));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Captured
          && ((Captured) other).request == request
          && ((Captured) other).frameworksWork == frameworksWork;
    }

    @Override
    public int hashCode() {
      return 31 * Objects.hashCode(request) + Objects.hashCode(frameworksWork);
    }
  }
}
