package io.flyball.engine.event;

import io.flyball.base.DetachedThread;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.AnomalyListener;
import io.flyball.engine.net.HttpPosts;
import io.flyball.engine.time.Timer;
import io.flyball.wire.HostAndPort;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Posts anomalies and alerts as JSON to an address of the user's, on a thread that is there only
 * while there is something to send. Each is sent once: what does not go through is lost, and the
 * user is told when that begins. Too many that wait are lost, too.
 */
public final class AnomalyWebhook implements AnomalyListener, AlertListener {
  private static final int WAITING = 100;
  private static final int PROBLEM = 300;

  private final URI url;
  private final Map<String, List<String>> headers;
  private final int timeoutMillis;
  private final Timer timer;
  private final AnomalyJson json;
  private final AlertJson alertJson;
  private final Consumer<String> warning;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private boolean working;
  private boolean failing;

  /**
   * @param headers sent along, may be secrets
   * @param timeoutMillis for connecting, and for the answer
   * @param timer ends what the other side draws out
   * @param warning takes a message for the user
   */
  public AnomalyWebhook(
      URI url,
      Map<String, String> headers,
      int timeoutMillis,
      Timer timer,
      String service,
      Consumer<String> warning) {
    this.url = url;
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("Content-Type", Collections.singletonList("application/json"));
    headers.forEach((name, value) -> all.put(name, Collections.singletonList(value)));
    this.headers = Collections.unmodifiableMap(all);
    this.timeoutMillis = timeoutMillis;
    this.timer = timer;
    this.json = new AnomalyJson(service);
    this.alertJson = new AlertJson(service);
    this.warning = warning;
  }

  @Override
  public void began(Anomaly anomaly) {
    send(json.bytes(anomaly));
  }

  @Override
  public void ended(Anomaly anomaly) {
    send(json.bytes(anomaly));
  }

  @Override
  public void alerted(Alert alert) {
    send(alertJson.bytes(alert));
  }

  private void send(byte[] message) {
    boolean full;
    synchronized (waiting) {
      full = waiting.size() == WAITING;
      if (!full) {
        waiting.add(message);
        if (!working) {
          working = true;
          DetachedThread.create("flyball-webhook", this::work).start();
        }
      }
    }
    if (full) {
      failed("too many wait");
    }
  }

  private void work() {
    for (byte[] message = next(); message != null; message = next()) {
      try {
        post(message);
        succeeded();
      } catch (Refusal e) {
        failed(e.getMessage());
      } catch (Throwable e) {
        // Its message may hold the address, which may be a secret. An error must not end it,
        // either:
        // this would count as working for ever, and it is nobody else's.
        failed(e.getClass().getSimpleName());
      }
    }
  }

  private byte[] next() {
    synchronized (waiting) {
      byte[] message = waiting.poll();
      working = message != null;
      return message;
    }
  }

  private void post(byte[] message) throws IOException, Refusal {
    // Connecting and answering, each.
    long nanos = TimeUnit.MILLISECONDS.toNanos(2L * timeoutMillis);
    // Messages are rare: no connection is kept.
    try (HttpPosts posts = new HttpPosts(url, null, timer)) {
      int status = posts.post(headers, message, timeoutMillis, timeoutMillis, nanos).status();
      if (status >= PROBLEM) {
        throw new Refusal("it answered " + status);
      }
    }
  }

  private void succeeded() {
    synchronized (waiting) {
      failing = false;
    }
  }

  private void failed(String why) {
    synchronized (waiting) {
      if (failing) {
        return;
      }
      failing = true;
    }
    warning.accept(
        "anomaly.webhook: a message could not be sent to "
            + HostAndPort.host(url)
            + " ("
            + why
            + "); it is not tried again, and nothing is said of others until one goes through");
  }

  /** The other side does not want it. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }
}
