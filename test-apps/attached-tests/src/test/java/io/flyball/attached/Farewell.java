package io.flyball.attached;

import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.provider.Answer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The last answer to a program that is going to end: it comes when its calls are in the event file.
 * A call is accounted for on another thread than the one that reads its end, and a JVM that exits
 * does not wait for threads.
 */
final class Farewell {
  private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Farewell() {}

  /**
   * The answer.
   *
   * @param calls how many events are waited for, 30 seconds at most: who counts them afterwards
   *     sees whether they have come
   */
  static Answer after(Path events, int calls) {
    return Answer.nothing()
        .then(
            wire -> {
              long start = System.nanoTime();
              while (CallEvents.read(events).all().size() < calls
                  && System.nanoTime() - start < AT_MOST_NANOS) {
                TimeUnit.MILLISECONDS.sleep(20);
              }
            })
        .andThen(Answer.of(200, "bye"));
  }
}
