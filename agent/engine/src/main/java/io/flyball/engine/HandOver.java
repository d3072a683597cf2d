package io.flyball.engine;

import io.flyball.engine.attribute.AttributionRules;
import io.flyball.wire.CallerScope;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.InboundScope;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * All that goes along when a thread hands work to another: the inbound request that it works for,
 * whom frameworks say that it works for, and what its logging context says. All of them or none
 * change with a task. Thread safe.
 */
final class HandOver {
  private final InboundRequests requests;
  private final FrameworkScopes frameworks;
  private final LoggedValues logged;

  HandOver(InboundRequests requests, FrameworkScopes frameworks, LoggedValues logged) {
    this.requests = requests;
    this.frameworks = frameworks;
    this.logged = logged;
  }

  /** Whether there may be something to hand over. */
  boolean works() {
    return logged.areUsed() || requests.works() || frameworks.work();
  }

  /** What this thread works for, as far as those rules want it; null for nothing. */
  CapturedInbound captured(AttributionRules rules) {
    CapturedInbound request = requests.captured(rules);
    FrameworkScopes.Scope frameworksWork = frameworks.current();
    Map<String, String> values = logged.captured(rules);
    return request == null && frameworksWork == null && values.isEmpty()
        ? null
        : new Captured(request, frameworksWork, values, rules);
  }

  /** This thread works for nothing until it is closed; null when it does not anyway. */
  InboundScope leave() {
    return both(
        both(requests.leave(), frameworks.adopt(null)),
        logged.adopt(Collections.<String, String>emptyMap(), null));
  }

  private static InboundScope both(InboundScope request, CallerScope frameworksWork) {
    return both(request, frameworksWork == null ? null : (InboundScope) frameworksWork::close);
  }

  private static InboundScope both(InboundScope first, InboundScope second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return () -> {
      second.close();
      first.close();
    };
  }

  /** Immutable; equal to what was captured of the same. */
  private final class Captured implements CapturedInbound {
    /** Null for none, as the other is. */
    private final CapturedInbound request;

    private final FrameworkScopes.Scope frameworksWork;
    private final Map<String, String> values;
    private final AttributionRules rules;

    Captured(
        CapturedInbound request,
        FrameworkScopes.Scope frameworksWork,
        Map<String, String> values,
        AttributionRules rules) {
      this.request = request;
      this.frameworksWork = frameworksWork;
      this.values = values;
      this.rules = rules;
    }

    @Override
    public InboundScope resume() {
      return both(
          both(
              request == null ? requests.leave() : request.resume(),
              frameworks.adopt(frameworksWork)),
          logged.adopt(values, rules));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Captured
          && ((Captured) other).request == request
          && ((Captured) other).frameworksWork == frameworksWork
          && ((Captured) other).values.equals(values);
    }

    @Override
    public int hashCode() {
      return 31 * Objects.hashCode(request) + Objects.hashCode(frameworksWork) + values.hashCode();
    }
  }
}
