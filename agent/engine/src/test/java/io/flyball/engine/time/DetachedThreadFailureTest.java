package io.flyball.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.DetachedThread;
import io.flyball.engine.ReportedErrors;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("sets what the JVM has one of")
class DetachedThreadFailureTest {
  private final Thread.UncaughtExceptionHandler handler =
      Thread.getDefaultUncaughtExceptionHandler();

  @AfterEach
  void giveBack() {
    Thread.setDefaultUncaughtExceptionHandler(handler);
    DetachedThread.reportTo(null);
  }

  @Test
  void whatGetsOutOfOurThreadsIsReportedAndNobodyElsesBusiness() throws Exception {
    List<String> applications = new CopyOnWriteArrayList<>();
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> applications.add(thread.getName()));
    ReportedErrors reported = new ReportedErrors();
    Throwable[] failures = {
      new StackOverflowError(), new OutOfMemoryError(), new IllegalStateException()
    };
    for (int i = 0; i < failures.length; i++) {
      Throwable failure = failures[i];
      // Without anybody to tell, too.
      DetachedThread.reportTo(i == 0 ? null : reported);
      Thread thread = DetachedThread.create("flyball-test", () -> sneak(failure));
      thread.start();
      thread.join();
    }
    assertThat(applications).isEmpty();
    assertThat(reported.counts()).containsEntry("thread flyball-test", 2L).hasSize(1);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable failure) throws T {
    throw (T) failure;
  }
}
