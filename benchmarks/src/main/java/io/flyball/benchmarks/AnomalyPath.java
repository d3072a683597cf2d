package io.flyball.benchmarks;

import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.anomaly.AnomalySettings;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What looking for anomalies costs the thread of the records for one call. */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class AnomalyPath {
  private static final int PERIOD = 1_024;
  private static final long CALL_NANOS = 10_000_000L;

  /** Tenants and users, each; features are ten. */
  @Param({"10", "1000"})
  int keys;

  /** Kilobytes of a conversation; 0: its calls are not looked into. */
  @Param({"0", "10", "100"})
  int kilobytes;

  private final CallRecord[] records = new CallRecord[PERIOD];
  private Anomalies anomalies;
  private int next;
  private long now = 1_795_000_000_000_000_000L;

  @Setup
  public void prepare() {
    anomalies =
        new Anomalies(
            TimeSource.SYSTEM, (nanos, task) -> () -> {}, Runnable::run, (place, failure) -> {});
    int watched = kilobytes == 0 ? 0 : 10_000;
    anomalies.apply(
        new AnomalySettings(100, 600_000, 86_400_000, 1e9, Long.MAX_VALUE, watched, watched));
    byte[] body = conversation();
    RequestFacts facts =
        new Protocols(Collections.emptyList())
            .recognise(
                new RequestHead(
                    "POST",
                    "https",
                    "api.openai.com",
                    443,
                    "/v1/chat/completions",
                    null,
                    name -> null),
                body);
    if (facts.operation() != Operation.CHAT) {
      throw new IllegalStateException();
    }
    for (int i = 0; i < PERIOD; i++) {
      records[i] =
          CallRecord.builder("call", facts)
              .attribution(
                  new Attribution(
                      "tenant" + i % keys, "feature" + i % 10, "user" + i % keys, null, null, null))
              .outcome(Outcome.SUCCESS, 200, null)
              .costUsd(new BigDecimal("0.001"))
              .content(kilobytes == 0 ? null : body, null)
              .times(now, now)
              .build();
    }
  }

  /** Steps of an agent of half a kilobyte each. */
  private byte[] conversation() {
    StringBuilder body =
        new StringBuilder(
            "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}");
    for (int step = 0; body.length() < kilobytes * 1_024; step++) {
      body.append(",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c")
          .append(step)
          .append("\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{")
          .append(step)
          .append("}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c")
          .append(step)
          .append("\",\"content\":\"")
          .append("word ".repeat(70))
          .append("\"}");
    }
    return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public void callEnded() {
    next = (next + 1) % PERIOD;
    now += CALL_NANOS;
    anomalies.callEnded(
        kilobytes == 0 ? records[next].toBuilder().times(now, now).build() : records[next]);
  }
}
