package io.flyball.engine.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What counts as an anomaly. Immutable. */
public final class AnomalySettings {
  private final double factor;
  private final long windowMillis;
  private final long historyMillis;
  private final double leastUsd;
  private final double leastTokens;
  private final int loopSteps;
  private final int loopRepeats;

  /**
   * @param factor how many times the usual is too much, more than 1
   * @param windowMillis over which spending is summed
   * @param historyMillis how long something must have been watched to be judged by its past
   * @param leastUsd what must be spent beyond the usual in one window to be worth telling
   * @param leastTokens the same for calls without a price
   * @param loopSteps calls of a conversation without a person in between; 0: not watched
   * @param loopRepeats the same tool call since a person last spoke; 0: not watched
   */
  public AnomalySettings(
      double factor,
      long windowMillis,
      long historyMillis,
      double leastUsd,
      long leastTokens,
      int loopSteps,
      int loopRepeats) {
    this.factor = factor;
    this.windowMillis = windowMillis;
    this.historyMillis = historyMillis;
    this.leastUsd = leastUsd;
    this.leastTokens = leastTokens;
    this.loopSteps = loopSteps;
    this.loopRepeats = loopRepeats;
  }

  double factor() {
    return factor;
  }

  long windowMillis() {
    return windowMillis;
  }

  long historyMillis() {
    return historyMillis;
  }

  double least(SpendUnit unit) {
    return unit == SpendUnit.USD ? leastUsd : leastTokens;
  }

  int loopSteps() {
    return loopSteps;
  }

  int loopRepeats() {
    return loopRepeats;
  }

  /** Whether what is remembered under the other settings is of use under these. */
  boolean remembersAs(AnomalySettings other) {
    return windowMillis == other.windowMillis && historyMillis == other.historyMillis;
  }

  /** What the form of that which is remembered depends on. */
  void writeForm(DataOutput out) throws IOException {
    out.writeLong(windowMillis);
    out.writeLong(historyMillis);
  }

  /** Whether what follows was remembered under settings like these. */
  boolean isFormOf(DataInput in) throws IOException {
    long window = in.readLong();
    return in.readLong() == historyMillis && window == windowMillis;
  }

  /** Whether requests have to be looked into. */
  public boolean watchesLoops() {
    return loopSteps > 0 || loopRepeats > 0;
  }
}
