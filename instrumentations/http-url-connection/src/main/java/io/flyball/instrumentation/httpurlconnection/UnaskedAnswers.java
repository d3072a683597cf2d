package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.GovernedCall;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls whose request was sent and whose connection the application let go of without asking for
 * the answer or disconnecting. Nobody is going to read it, so the call is ended. Looked for
 * whenever another call begins; needs no thread.
 */
final class UnaskedAnswers {
  private final ReferenceQueue<Exchange> collected = new ReferenceQueue<>();
  private final Set<Watch> watched = ConcurrentHashMap.newKeySet();

  /**
   * Watches until the call has ended; which must not reach the exchange.
   *
   * @return to be run when the application asks for the answer: from then on it may read that on
   *     and let go of the connection
   */
  Runnable watch(Exchange exchange, GovernedCall call) {
    endCollected();
    Watch watch = new Watch(exchange, call);
    watched.add(watch);
    call.whenEnded(watch::stop);
    return watch::stop;
  }

  /** Ends the calls of what was collected since. */
  void endCollected() {
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      ((Watch) gone).stop();
      ((Watch) gone).call.cancel();
    }
  }

  private final class Watch extends PhantomReference<Exchange> {
    private final GovernedCall call;

    Watch(Exchange exchange, GovernedCall call) {
      super(exchange, collected);
      this.call = call;
    }

    void stop() {
      clear();
      watched.remove(this);
    }
  }
}
