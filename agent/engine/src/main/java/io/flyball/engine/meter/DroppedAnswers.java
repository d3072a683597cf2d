package io.flyball.engine.meter;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices answers that the application let go of without reading or closing them, so that their
 * calls are recorded too. Looked for whenever another answer is handed out; needs no thread.
 */
public final class DroppedAnswers {
  private final ReferenceQueue<DeliveredBody> collected = new ReferenceQueue<>();
  private final Set<Watch> watched = ConcurrentHashMap.newKeySet();

  /** Watches the answer until its call has ended; {@code call} must not reach {@code body}. */
  Watch watch(DeliveredBody body, CallMeter call) {
    Watch watch = new Watch(body, call);
    watched.add(watch);
    recordDropped();
    return watch;
  }

  /** Ends the calls whose answers were collected since. */
  void recordDropped() {
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      ((Watch) gone).stop();
      ((Watch) gone).call.closed();
    }
  }

  /** How many answers are in the application's hands. */
  int size() {
    return watched.size();
  }

  /** One answer in the application's hands. */
  final class Watch extends PhantomReference<DeliveredBody> {
    private final CallMeter call;

    private Watch(DeliveredBody body, CallMeter call) {
      super(body, collected);
      this.call = call;
    }

    void stop() {
      clear();
      watched.remove(this);
    }
  }
}
