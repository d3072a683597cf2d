package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import java.util.Collection;
import java.util.List;
import java.util.RandomAccess;
import net.bytebuddy.asm.Advice;

/** The same for a list; other collections are made an array first. */
final class InvokeAllOfAdvice {

  private InvokeAllOfAdvice() {}

  @Advice.OnMethodEnter
  static void enter(@Advice.Argument(0) Collection<?> tasks) {
    if (tasks instanceof RandomAccess && tasks instanceof List && !tasks.isEmpty()) {
      Tasks.handOver(((List<?>) tasks).get(0));
    }
  }
}
