package io.flyball.twin;

import com.example.twin.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What the provider may be asked for a call, how often, and how long that may take. */
final class RequestLaw {
  /** Two JVMs that share a machine with a build are late sometimes. */
  private static final int LATER_MS = 1500;

  /** What asking again may take of a client that does not do so itself. */
  private static final int RESCUE_MS = 6000;

  private static final int MOST_JOINS = 3;

  /** As many as OkHttp follows. */
  private static final int MOST_REDIRECTS = 21;

  private static final Set<String> HOP =
      Set.of("host", "content-length", "transfer-encoding", "connection", "keep-alive");

  private final Judged judged;
  private final TwinCase.Call call;

  RequestLaw(Judged judged) {
    this.judged = judged;
    this.call = judged.call;
  }

  void judge() throws InterruptedException {
    count();
    requests();
    time();
  }

  private void count() throws InterruptedException {
    boolean asks = judged.isUsageAdded;
    List<Reply> served = judged.served;
    List<SeenRequest> requests = judged.governed.requests();
    int b = judged.bare.requests().size();
    int g = requests.size();
    int allowance = asks ? 1 : 0;
    // What a client cannot make anything of is a failure to its application.
    if (judged.isAnswered && !judged.bare.outcome().isFailure()) {
      if (g > b + allowance || g == 0 && b > 0) {
        judged.broken("asked again after an answer", b + " requests -> " + g);
      }
      return;
    }
    for (int i = 0; i < served.size() - 1 && g > b + allowance; i++) {
      Outcome alone =
          served.get(i).isAnswer() && served.get(i).status() < 300 ? judged.bareFrom(i) : null;
      if (alone != null && !alone.isFailure()) {
        judged.broken(
            "asked again after a success",
            "reply " + i + " was one, and " + g + " requests were made");
        return;
      }
    }
    boolean own =
        asks && g > 1 && judged.addsUsage(requests.get(0)) && !judged.addsUsage(requests.get(1));
    Reply said = served.isEmpty() ? null : served.get(own ? 1 : 0);
    boolean toldNotTo =
        said != null
            && said.isWhole()
            && call.replies().contains(said)
            // OkHttp itself sends a request again after a 408, whatever it says.
            && b == 1
            && !(said.status() == 408 && call.form().client().equals("okhttp"))
            && said.status() >= 400
            && said.headers().contains("x-should-retry: false");
    if (toldNotTo && g > b + allowance) {
      judged.broken("asked again against x-should-retry", b + " requests -> " + g);
    }
    // Those two send a request again by themselves when a kept connection has gone.
    boolean twice =
        call.form().client().equals("url-connection") || call.form().client().equals("okhttp");
    int attempts = twice ? 6 : 3;
    // Where a stream breaks off after its first words others are asked to go on with it.
    int joins = 0;
    for (Reply reply : served.subList(0, Math.max(0, g - 1))) {
      if (call.stream() && reply.truth() == Reply.Truth.FAILURE && reply.status() == 200) {
        joins++;
      }
    }
    int followed =
        served.stream().anyMatch(reply -> reply.status() / 100 == 3) ? MOST_REDIRECTS : 0;
    int most = attempts * Math.max(1, b) + 2 * allowance + Math.min(joins, MOST_JOINS) + followed;
    if (g > most) {
      judged.broken("asked too often", b + " requests -> " + g);
    }
  }

  private void requests() {
    boolean asks = judged.isUsageAdded;
    SeenRequest expected = judged.bare.requests().get(0);
    List<SeenRequest> requests = judged.governed.requests();
    for (SeenRequest request : requests.subList(0, Math.min(1, requests.size()))) {
      if (!request.line().equals(expected.line())) {
        judged.broken("request line", expected.line() + " -> " + request.line());
      }
      Set<String> first = lines(expected, asks);
      Set<String> second = lines(request, asks);
      if (!first.equals(second)) {
        Set<String> lost = new TreeSet<>(first);
        lost.removeAll(second);
        second.removeAll(first);
        judged.broken("request headers", "lost " + lost + ", added " + second);
      }
      if (!judged.addsUsage(request) && !Arrays.equals(expected.body(), request.body())) {
        judged.broken("request body", expected.text() + " -> " + request.text());
      }
    }
  }

  private static Set<String> lines(SeenRequest request, boolean asks) {
    Set<String> lines = new TreeSet<>();
    for (String header : request.headers()) {
      String name = header.substring(0, header.indexOf(':', 1)).toLowerCase(Locale.ROOT);
      if (!HOP.contains(name) && !(asks && name.equals("accept-encoding"))) {
        lines.add(name + header.substring(header.indexOf(':', 1)));
      }
    }
    return lines;
  }

  private void time() {
    boolean answered = judged.isAnswered;
    long late = judged.governed.outcome().millis() - judged.bare.outcome().millis();
    long allowed = LATER_MS;
    if (!answered) {
      allowed = RESCUE_MS;
    } else {
      // A limit that this credential has run into before may be kept.
      for (TwinCase.Call before : judged.before()) {
        if (before.key().equals(call.key()) && !before.replies().get(0).isAnswer()) {
          allowed = RESCUE_MS;
        }
      }
    }
    if (late > allowed) {
      judged.broken(answered ? "later" : "later after a failure", late + " ms");
    }
  }
}
