package io.flyball.instrumentation.testing.provider;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A place in a script where the provider waits for the test: no answer goes on by the clock. Opens
 * once and stays open.
 */
public final class Gate {
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  /** Lets the script go on, now or when it gets here. */
  public void open() {
    opened.countDown();
  }

  /**
   * Waits until a script stands at this gate, everything before it written to the socket.
   *
   * @throws IllegalStateException after 30 seconds
   */
  public void awaitReached() throws InterruptedException {
    if (!reached.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no script came to this gate within 30 s");
    }
  }

  void pass() throws InterruptedException {
    reached.countDown();
    opened.await();
  }
}
