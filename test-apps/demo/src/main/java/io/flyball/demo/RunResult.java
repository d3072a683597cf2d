package io.flyball.demo;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What one run of the support desk printed, counted. */
final class RunResult {
  private final int answered;
  private final int failed;
  private final int upstreamRequests;
  private final List<Long> micros = new ArrayList<>();
  private final String report;

  /**
   * @param upstreamRequests requests that reached the provider, or -1 when nobody counted
   */
  RunResult(JavaProcess process, int upstreamRequests) {
    int good = 0;
    int bad = 0;
    for (String line : process.out().split("\n")) {
      if (line.startsWith("took ")) {
        micros.add(Long.parseLong(line.split(" ")[1]));
      } else if (line.startsWith("ticket ")) {
        if (line.contains(" FAILED ")) {
          bad++;
        } else {
          good++;
        }
      }
    }
    Collections.sort(micros);
    this.answered = good;
    this.failed = bad;
    this.upstreamRequests = upstreamRequests;
    this.report = process.describe();
  }

  int answered() {
    return answered;
  }

  int failed() {
    return failed;
  }

  int upstreamRequests() {
    return upstreamRequests;
  }

  /** Milliseconds per ticket; 0 when there was none. */
  double percentile(int percent) {
    if (micros.isEmpty()) {
      return 0;
    }
    int index = Math.min(micros.size() - 1, micros.size() * percent / 100);
    return micros.get(index) / 1000.0;
  }

  String failureReport() {
    return report;
  }
}
