package io.flyball.twin;

import com.example.twin.Outcome;
import java.util.ArrayList;
import java.util.List;

/** One call of a case as it went on both sides, and what is found to be wrong with it. */
final class Judged {
  final TwinCase made;
  final TwinCase.Call call;
  final Trial.Side bare;
  final Trial.Side governed;

  /** What the provider gave to each request of the side with the agent. */
  final List<Reply> served;

  final List<Reply> servedBare;

  /** Whether without the agent the provider has answered. */
  final boolean isAnswered;

  /** Whether a request asked for usage that the application did not ask for. */
  final boolean isUsageAdded;

  private final int index;
  private final Trial trial;
  private final List<Break> breaks = new ArrayList<>();

  /**
   * @param index of the call in the case
   * @param governed with an outcome
   * @param trial makes further calls without the agent
   */
  Judged(TwinCase made, int index, Trial.Side bare, Trial.Side governed, Trial trial) {
    this.made = made;
    this.call = made.calls().get(index);
    this.index = index;
    this.bare = bare;
    this.governed = governed;
    this.trial = trial;
    this.served = served(governed);
    this.servedBare = served(bare);
    this.isAnswered = servedBare.stream().allMatch(Reply::isAnswer);
    this.isUsageAdded = governed.requests().stream().anyMatch(this::addsUsage);
  }

  private List<Reply> served(Trial.Side side) {
    List<Reply> served = new ArrayList<>();
    for (int i = 0; i < side.requests().size(); i++) {
      served.add(Script.served(call.replies(), i, side.requests().get(i)));
    }
    return served;
  }

  boolean addsUsage(SeenRequest request) {
    return request.text().contains("stream_options") && !call.body().contains("stream_options")
        || request.asksForUsage() && !call.body().contains("\"include_usage\":true");
  }

  /** The calls of the case before this one. */
  List<TwinCase.Call> before() {
    return made.calls().subList(0, index);
  }

  /** What the client makes of it without the agent when its first attempts are left out. */
  Outcome bareFrom(int attempt) throws InterruptedException {
    return trial.bareFrom(call, index, attempt);
  }

  void broken(String kind, String detail) {
    breaks.add(
        new Break(
            index,
            kind + " [" + call.form().client() + (call.stream() ? " stream]" : " plain]"),
            detail));
  }

  List<Break> breaks() {
    return breaks;
  }
}
