package io.flyball.engine.event;

import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.AnomalyListener;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes one JSON object per call to a rolling file ({@code flyball.events.file}), and one for each
 * alert and for each beginning and end of an anomaly; those are told from a call by their field
 * {@code event}. When the file cannot be written the user is told once, events are lost and
 * counted, and the file is tried again after a while.
 */
public final class EventFileListener implements CallListener, AnomalyListener, AlertListener {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final CallJson json;
  private final AnomalyJson anomalyJson;
  private final AlertJson alertJson;
  private final RollingFile file;
  private final TimeSource time;
  private final Path path;
  private final Consumer<String> warning;
  private final AtomicLong lost = new AtomicLong();
  private long retryAt;
  private boolean failing;

  /**
   * @param maxBytes size of one file
   * @param files how many are kept, the current one included
   * @param warning takes a message for the user
   */
  public EventFileListener(
      Path path,
      long maxBytes,
      int files,
      String service,
      TimeSource time,
      Consumer<String> warning) {
    this.json = new CallJson(service);
    this.anomalyJson = new AnomalyJson(service);
    this.alertJson = new AlertJson(service);
    this.path = Objects.requireNonNull(path, "path");
    this.file = new RollingFile(path, maxBytes, files);
    this.time = Objects.requireNonNull(time, "time");
    this.warning = Objects.requireNonNull(warning, "warning");
  }

  @Override
  public void callEnded(CallRecord record) {
    write(() -> json.bytes(record));
  }

  @Override
  public void began(Anomaly anomaly) {
    write(() -> anomalyJson.bytes(anomaly));
  }

  @Override
  public void ended(Anomaly anomaly) {
    write(() -> anomalyJson.bytes(anomaly));
  }

  @Override
  public void alerted(Alert alert) {
    write(() -> alertJson.bytes(alert));
  }

  private synchronized void write(Supplier<byte[]> event) {
    if (failing && time.nanoTime() - retryAt < 0) {
      lost.incrementAndGet();
      return;
    }
    byte[] object = event.get();
    byte[] line = Arrays.copyOf(object, object.length + 1);
    line[object.length] = '\n';
    try {
      file.append(line);
      failing = false;
    } catch (IOException | SecurityException e) {
      lost.incrementAndGet();
      retryAt = time.nanoTime() + RETRY_NANOS;
      if (!failing) {
        failing = true;
        warning.accept(
            "events.file: cannot write "
                + path
                + " ("
                + e
                + "); its events are lost, it is tried again every 30 s");
      }
    }
  }

  /** Events that could not be written since the start. */
  public long lost() {
    return lost.get();
  }
}
