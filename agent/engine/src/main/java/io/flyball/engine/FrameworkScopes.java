package io.flyball.engine;

import io.flyball.wire.Caller;
import io.flyball.wire.CallerScope;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What frameworks say about who makes the calls of each thread. Thread safe. */
final class FrameworkScopes {
  private final ThreadLocal<Scope> onThread = new ThreadLocal<>();

  /** Calls of this thread are made for what that source calls so. */
  CallerScope named(String source, String name) {
    return begin(new Scope(source, name, null, onThread.get()));
  }

  /** Calls of this thread are that caller's. */
  CallerScope resumed(Caller caller) {
    return begin(new Scope(null, null, caller, onThread.get()));
  }

  private CallerScope begin(Scope scope) {
    onThread.set(scope);
    return scope;
  }

  /** Whether a framework says for whom this thread works. */
  boolean work() {
    return onThread.get() != null;
  }

  /** What frameworks say of this thread, for {@link #adopt} on another one; null for nothing. */
  Scope current() {
    return onThread.get();
  }

  /**
   * What frameworks say of this thread is that until it is closed, and nothing of before.
   *
   * @param scope what was {@link #current} on some thread, perhaps closed there since; null for
   *     nothing
   * @return null when it is so already
   */
  CallerScope adopt(Scope scope) {
    Scope before = onThread.get();
    if (before == scope) {
      return null;
    }
    set(scope);
    return () -> set(before);
  }

  private void set(Scope scope) {
    if (scope == null) {
      onThread.remove();
    } else {
      onThread.set(scope);
    }
  }

  /** Whose calls this thread makes, when it is not its own; else null. */
  Caller resumed() {
    for (Scope scope = onThread.get(); scope != null; scope = scope.around) {
      if (scope.caller != null) {
        return scope.caller;
      }
    }
    return null;
  }

  /**
   * What this thread's calls are named since it began or since it last resumed a caller, by source;
   * the innermost name of each.
   */
  Map<String, String> names() {
    Scope innermost = onThread.get();
    if (innermost == null || innermost.caller != null) {
      return Collections.emptyMap();
    }
    if (innermost.around == null) {
      return Collections.singletonMap(innermost.source, innermost.name);
    }
    Map<String, String> names = new HashMap<>();
    for (Scope scope = innermost; scope != null && scope.caller == null; scope = scope.around) {
      names.putIfAbsent(scope.source, scope.name);
    }
    return names;
  }

  /** Either a name of a source, or a caller. Immutable. */
  final class Scope implements CallerScope {
    private final String source;
    private final String name;
    private final Caller caller;
    private final Scope around;

    private Scope(String source, String name, Caller caller, Scope around) {
      this.source = source;
      this.name = name;
      this.caller = caller;
      this.around = around;
    }

    @Override
    public void close() {
      set(around);
    }
  }
}
