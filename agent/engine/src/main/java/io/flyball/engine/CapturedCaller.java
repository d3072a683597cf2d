package io.flyball.engine;

import io.flyball.engine.attribute.Origin;
import io.flyball.wire.Caller;
import java.util.Map;

/** A caller, with the settings whose questions were put to its thread. Immutable. */
final class CapturedCaller implements Caller {
  final Snapshot now;
  final Origin origin;
  final Object context;
  final GivenUpCalls.Attempt sdkAttempt;
  final long deadline;

  /**
   * @param deadline when the application's own client stops waiting, of the time source; {@link
   *     Long#MAX_VALUE} for never
   */
  CapturedCaller(
      Snapshot now, Origin origin, Object context, GivenUpCalls.Attempt sdkAttempt, long deadline) {
    this.now = now;
    this.origin = origin;
    this.context = context;
    this.sdkAttempt = sdkAttempt;
    this.deadline = deadline;
  }

  CapturedCaller at(String place) {
    return new CapturedCaller(now, origin.at(place), context, sdkAttempt, deadline);
  }

  /** Resumed on this thread, where frameworks and SDKs may have begun something since. */
  CapturedCaller on(Map<String, String> names, GivenUpCalls.Attempt attempt) {
    return new CapturedCaller(
        now, now.settings.attribution().within(origin, names), context, attempt, deadline);
  }

  long nanosLeft(long at) {
    return deadline == Long.MAX_VALUE ? deadline : deadline - at;
  }
}
