package io.flyball.javaagent;

import net.bytebuddy.asm.Advice;

/** Inlined into {@code loadClass} of a loader that would not find the bridge. */
final class LoadClassAdvice {

  private LoadClassAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Advice.OnNonDefaultValue.class)
  static Class<?> enter(@Advice.Argument(0) String name) throws ClassNotFoundException {
    return name.startsWith("io.flyball.bootstrap.") ? Class.forName(name, false, null) : null;
  }

  @Advice.OnMethodExit
  static void exit(@Advice.Enter Class<?> found, @Advice.Return(readOnly = false) Class<?> result) {
    if (found != null) {
      result = found;
    }
  }
}
