package io.flyball.engine.event;

import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes one JSON object per call to a rolling file ({@code flyball.events.file}). When the file
 * cannot be written the failure is reported and events are lost and counted; the file is tried
 * again after a while.
 */
public final class EventFileListener implements CallListener {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final String PLACE = "event file";

  private final CallJson json;
  private final RollingFile file;
  private final TimeSource time;
  private final InternalErrors errors;
  private final AtomicLong lost = new AtomicLong();
  private long retryAt;
  private boolean failing;

  /**
   * @param maxBytes size of one file
   * @param files how many are kept, the current one included
   */
  public EventFileListener(
      Path path, long maxBytes, int files, String service, TimeSource time, InternalErrors errors) {
    this.json = new CallJson(service);
    this.file = new RollingFile(Objects.requireNonNull(path, "path"), maxBytes, files);
    this.time = Objects.requireNonNull(time, "time");
    this.errors = Objects.requireNonNull(errors, "errors");
  }

  @Override
  public void callEnded(CallRecord record) {
    if (failing && time.nanoTime() - retryAt < 0) {
      lost.incrementAndGet();
      return;
    }
    byte[] object = json.bytes(record);
    byte[] line = Arrays.copyOf(object, object.length + 1);
    line[object.length] = '\n';
    try {
      file.append(line);
      failing = false;
    } catch (IOException | SecurityException e) {
      lost.incrementAndGet();
      failing = true;
      retryAt = time.nanoTime() + RETRY_NANOS;
      errors.report(PLACE, e);
    }
  }

  /** Events that could not be written since the start. */
  public long lost() {
    return lost.get();
  }
}
