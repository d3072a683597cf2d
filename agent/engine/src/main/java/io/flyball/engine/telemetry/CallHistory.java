package io.flyball.engine.telemetry;

import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Charge;
import io.flyball.protocol.RequestFacts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the console shows: the last calls without their content, and totals since the start, by
 * feature, tenant, model and provider. A call stands with the model and provider that answered,
 * what it cost with those that are paid. Bounded; thread safe.
 */
public final class CallHistory implements CallListener {
  private static final int MAX_KEYS = 1_000;

  /** What totals are kept by. */
  public enum Dimension {
    FEATURE,
    TENANT,
    MODEL,
    PROVIDER
  }

  private final int kept;
  private final Deque<CallRecord> last = new ArrayDeque<>();
  private final CallTotals all = new CallTotals();
  private final Map<Dimension, Map<String, CallTotals>> groups = new LinkedHashMap<>();

  /**
   * @param kept how many calls are remembered one by one
   */
  public CallHistory(int kept) {
    this.kept = kept;
    for (Dimension dimension : Dimension.values()) {
      groups.put(dimension, new LinkedHashMap<>());
    }
  }

  @Override
  public synchronized void callEnded(CallRecord record) {
    last.addFirst(
        record.withoutContent().toBuilder()
            .captured(null, null)
            .parentContext(TraceParents.spanAlone(record))
            .build());
    if (last.size() > kept) {
      last.removeLast();
    }
    all.add(record);
    group(Dimension.FEATURE, record.attribution().feature()).add(record);
    group(Dimension.TENANT, record.attribution().tenant()).add(record);
    RequestFacts answered = record.answeredRequest();
    group(Dimension.MODEL, answered.model()).addUnpaid(record);
    group(Dimension.PROVIDER, answered.provider()).addUnpaid(record);
    for (Charge charge : record.charges()) {
      group(Dimension.MODEL, charge.model()).add(charge);
      group(Dimension.PROVIDER, charge.provider()).add(charge);
    }
  }

  private CallTotals group(Dimension dimension, String key) {
    Map<String, CallTotals> totals = groups.get(dimension);
    String name = key == null ? "" : key;
    if (!totals.containsKey(name) && totals.size() >= MAX_KEYS) {
      name = ValueLimit.OTHER;
    }
    return totals.computeIfAbsent(name, each -> new CallTotals());
  }

  /** The last calls, the latest first; they hold no content. */
  public synchronized List<CallRecord> lastCalls() {
    return new ArrayList<>(last);
  }

  /** Totals of all calls since the start, as they are now. */
  public synchronized CallTotals totals() {
    return all.copy();
  }

  /** Totals by the values of a dimension; the key of calls without one is the empty string. */
  public synchronized Map<String, CallTotals> totalsBy(Dimension dimension) {
    Map<String, CallTotals> copy = new LinkedHashMap<>();
    for (Map.Entry<String, CallTotals> each : groups.get(dimension).entrySet()) {
      copy.put(each.getKey(), each.getValue().copy());
    }
    return copy;
  }
}
