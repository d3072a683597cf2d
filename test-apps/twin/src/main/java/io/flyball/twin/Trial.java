package io.flyball.twin;

import com.example.twin.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs cases with and without the agent, and judges. Thread-safe. */
final class Trial {
  /**
   * A call as it went on one side.
   *
   * @param outcome null when it hangs
   */
  record Side(Outcome outcome, List<SeenRequest> requests) {
    @Override
    public String toString() {
      if (outcome == null) {
        return "no end within 25 s, after " + requests.size() + " requests";
      }
      String end =
          outcome.isFailure() ? " then " + outcome.failure() + ": " + outcome.message() : " ended";
      return "status "
          + outcome.status()
          + ", "
          + Texts.shown(outcome.body())
          + end
          + ", after "
          + requests.size()
          + " requests and "
          + outcome.millis()
          + " ms"
          + "\n        "
          + outcome.headers();
    }
  }

  /** A case with what came of it. */
  record Result(TwinCase made, List<Side> bare, List<Side> governed, List<Break> breaks) {
    boolean breaks(String kind) {
      return breaks.stream().anyMatch(one -> one.kind().equals(kind));
    }
  }

  private final Program bare;
  private final Program governed;
  private final Provider bareProvider;
  private final Provider governedProvider;
  private final AtomicInteger addresses = new AtomicInteger();

  Trial(Program bare, Program governed, Provider bareProvider, Provider governedProvider) {
    this.bare = bare;
    this.governed = governed;
    this.bareProvider = bareProvider;
    this.governedProvider = governedProvider;
  }

  private String address() {
    int n = addresses.getAndIncrement();
    return "127." + (1 + n / 64_000 % 250) + '.' + n / 250 % 256 + '.' + (1 + n % 250);
  }

  Result run(TwinCase made) throws InterruptedException {
    String address = address();
    List<List<Reply>> replies = new ArrayList<>();
    made.calls().forEach(call -> replies.add(call.replies()));
    Script bareScript = new Script(replies);
    Script governedScript = new Script(replies);
    bareProvider.open(address, bareScript);
    governedProvider.open(address, governedScript);
    List<Side> withoutAgent = new ArrayList<>();
    List<Side> withAgent = new ArrayList<>();
    List<Break> breaks = new ArrayList<>();
    try {
      for (int i = 0; i < made.calls().size(); i++) {
        TwinCase.Call call = made.calls().get(i);
        boolean http2 = call.form().isHttp2();
        CompletableFuture<Outcome> first = bare.start(call, bareProvider.url(address, http2));
        CompletableFuture<Outcome> second =
            governed.start(call, governedProvider.url(address, http2));
        withoutAgent.add(new Side(await(first), bareScript.seen(i)));
        withAgent.add(new Side(await(second), governedScript.seen(i)));
      }
    } finally {
      bareProvider.close(address);
      governedProvider.close(address);
    }
    for (int i = 0; i < made.calls().size(); i++) {
      breaks.addAll(Law.judge(made, i, withoutAgent.get(i), withAgent.get(i), this));
    }
    return new Result(made, withoutAgent, withAgent, breaks);
  }

  /** What a client without the agent makes of a call whose first attempts are left out. */
  Outcome bareFrom(TwinCase.Call call, int callIndex, int attempt) throws InterruptedException {
    List<Reply> later =
        call.replies().subList(Math.min(attempt, call.replies().size() - 1), call.replies().size());
    List<List<Reply>> replies = new ArrayList<>();
    for (int i = 0; i <= callIndex; i++) {
      replies.add(later);
    }
    String address = address();
    bareProvider.open(address, new Script(replies));
    try {
      return await(bare.start(call, bareProvider.url(address, call.form().isHttp2())));
    } finally {
      bareProvider.close(address);
    }
  }

  private static Outcome await(CompletableFuture<Outcome> outcome) throws InterruptedException {
    try {
      return outcome.get(25, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException hangs) {
      return null;
    }
  }
}
