package io.flyball.twin;

import com.example.twin.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * With default settings no call ends worse, later, dearer or with fewer bytes than without Flyball.
 *
 * <p>When the provider has answered, the application sees that answer: the same status, bytes and
 * headers of the provider's, or the same kind of exception; the provider has seen the same request,
 * as often, and the call took as long.
 *
 * <p>When it has really failed (a status, an error or an end that invites asking again; the maker
 * of the case says so, not Flyball), the call may be asked again, some times and for some seconds.
 * Then the application sees what a client without Flyball makes of one of the replies that were
 * given; or the whole answer; or its own kind of failure, after at least what it would have read.
 * Where it would have had an answer in the end it has one. No word is lost, doubled or of another
 * answer, and what is not whole does not end as if it were.
 */
final class Law {
  /** Two JVMs that share a machine with a build are late sometimes. */
  private static final int LATER_MS = 1500;

  /** What asking again may take of a client that does not do so itself. */
  private static final int RESCUE_MS = 6000;

  private static final int MOST_JOINS = 3;

  /** More bytes than there are around a chunk, and at the end of chunks. */
  private static final int FRAMING = 60;

  /** As many as OkHttp follows. */
  private static final int MOST_REDIRECTS = 21;

  private static final Set<String> HOP =
      Set.of("host", "content-length", "transfer-encoding", "connection", "keep-alive");

  /** How each API says that an answer is over, before the event that only ends the stream. */
  private static final Pattern FINISH =
      Pattern.compile(
          "\"finish_reason\":\"|\"stop_reason\":\"|\"finishReason\":\"|\"response\\.completed\"");

  private final TwinCase.Call call;
  private final TwinCase made;
  private final int index;
  private final Trial trial;
  private final List<Break> breaks = new ArrayList<>();

  /** Whether a cut at the same byte stands elsewhere in the text for who asks for usage. */
  private boolean isCutElsewhere;

  /**
   * @param index of the call in the case
   * @param trial makes further calls without the agent
   */
  Law(TwinCase made, int index, Trial trial) {
    this.made = made;
    this.call = made.calls().get(index);
    this.index = index;
    this.trial = trial;
  }

  List<Break> judge(Trial.Side bare, Trial.Side governed) throws InterruptedException {
    if (bare.outcome() == null || bare.requests().isEmpty()) {
      return breaks;
    }
    if (governed.outcome() == null) {
      broken("hangs", "no end within 25 s, bare took " + bare.outcome().millis() + " ms");
      return breaks;
    }
    List<Reply> served = served(governed);
    boolean answered = served(bare).stream().allMatch(Reply::isAnswer);
    boolean asks = governed.requests().stream().anyMatch(this::isUsageAsked);
    isCutElsewhere = asks && served.stream().anyMatch(this::isCutElsewhere);
    outcome(bare, governed, answered, asks, served);
    count(bare, governed, answered, asks, served);
    requests(bare, governed, asks);
    time(bare, governed, answered);
    return breaks;
  }

  private boolean isCutElsewhere(Reply reply) {
    if (reply.isWhole()) {
      return false;
    }
    // The event of usage comes before the last one.
    List<byte[]> parts = reply.payload();
    int last = parts.isEmpty() ? 0 : parts.get(parts.size() - 1).length;
    int whole = Rendering.of(reply, call.plainRequest()).length();
    boolean afterUsage = reply.usage() != null && reply.cut() > whole - last - FRAMING;
    return afterUsage || reply.coding() != null && !reply.codingUnasked();
  }

  private List<Reply> served(Trial.Side side) {
    List<Reply> served = new ArrayList<>();
    for (int i = 0; i < side.requests().size(); i++) {
      served.add(Script.served(call.replies(), i, side.requests().get(i)));
    }
    return served;
  }

  private boolean isUsageAsked(SeenRequest request) {
    return request.text().contains("stream_options") && !call.body().contains("stream_options")
        || request.asksForUsage() && !call.body().contains("\"include_usage\":true");
  }

  private void broken(String kind, String detail) {
    breaks.add(
        new Break(
            index,
            kind + " [" + call.form().client() + (call.stream() ? " stream]" : " plain]"),
            detail));
  }

  private void outcome(
      Trial.Side bare, Trial.Side governed, boolean answered, boolean asks, List<Reply> served)
      throws InterruptedException {
    Outcome b = bare.outcome();
    Outcome g = governed.outcome();
    String difference = difference(b, g, asks);
    if (difference == null) {
      return;
    }
    if (answered && !b.isFailure() || served.isEmpty()) {
      broken(difference, "the provider had answered");
      return;
    }
    if (isWholeAnswer(g, served, governed.requests()) || isWholeButForItsEnd(g, served)) {
      return;
    }
    if (isCutElsewhere && Words.areInOrder(Words.delivered(Encoding.decode(g.body())))) {
      return;
    }
    if (b.status() == g.status() && endsWithError(g) && fewer(b, g) == null) {
      return;
    }
    List<Reply> servedBare = served(bare);
    if (isToldOfUnseenCut(b, g, servedBare.get(servedBare.size() - 1))) {
      return;
    }
    boolean endsWell = !b.isFailure() && b.status() / 100 == 2;
    boolean mustEndWell =
        endsWell && servedBare.get(servedBare.size() - 1).truth() != Reply.Truth.FAILURE;
    boolean sameHead = false;
    boolean sameFailure = false;
    for (int i = served.size() - 1; i >= 0; i--) {
      Outcome alone = trial.bareFrom(call, index, i);
      if (alone == null) {
        continue;
      }
      String other = difference(alone, g, asks);
      // What ended well may end as well with another reply that is no answer either.
      boolean asWell = !mustEndWell || !g.isFailure() && g.status() / 100 == 2;
      // What the provider says to the application's own request is what it would have said first.
      boolean own = asks && !isUsageAsked(governed.requests().get(i));
      if (other == null && (asWell || own)) {
        return;
      }
      if ((!mustEndWell || own) && isToldOfUnseenCut(alone, g, served.get(i))) {
        return;
      }
      sameHead |= alone.status() == g.status() && headers(alone, g, asks) == null;
      sameFailure |=
          alone.isFailure()
              && g.isFailure()
              && alone.failure().get(0).equals(g.failure().get(0))
              && fewer(alone, g) == null;
      if (i == served.size() - 1 && !mustEndWell && other != null) {
        difference = other;
      }
    }
    // The head is out before another answer goes on, and breaks off in its own way.
    if (!mustEndWell
        && sameHead
        && sameFailure
        && (call.form().givesAllAtOnce() || fewer(b, g) == null)) {
      return;
    }
    broken(
        "after a failure: " + difference,
        "neither whole nor what any reply gives without the agent");
  }

  private boolean isWholeAnswer(Outcome outcome, List<Reply> served, List<SeenRequest> requests) {
    if (outcome.isFailure()) {
      return false;
    }
    byte[] plain = Encoding.decode(outcome.body());
    List<String> delivered = Words.delivered(plain);
    for (int i = 0; i < served.size(); i++) {
      Reply reply = served.get(i);
      // In another encoding it may be shorter than where it would break off.
      boolean uncut =
          !reply.isWhole() && reply.cut() >= Rendering.of(reply, requests.get(i)).length();
      if ((reply.isAnswer() && reply.isWhole() || uncut)
          && outcome.status() == reply.status()
          && (!reply.words().isEmpty() && delivered.equals(Words.of(reply.words()))
              || lines(plain)
                  .equals(
                      lines(Encoding.decode(Rendering.of(reply, call.plainRequest()).body()))))) {
        return true;
      }
    }
    return false;
  }

  /** As who reads it line by line has it. */
  private static String lines(byte[] body) {
    return new String(body, StandardCharsets.UTF_8).replace("\r", "").strip();
  }

  /** Whether all of an answer that broke off was delivered, perhaps but for its very end. */
  private static boolean isWholeButForItsEnd(Outcome outcome, List<Reply> served) {
    if (outcome.isFailure()) {
      return false;
    }
    byte[] plain = Encoding.decode(outcome.body());
    if (!FINISH.matcher(new String(wholeEvents(plain), StandardCharsets.UTF_8)).find()) {
      // Or all of it but half of a blank line.
      return served.stream().anyMatch(reply -> isAllOf(plain, reply));
    }
    for (Reply reply : served) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      reply.payload().forEach(all::writeBytes);
      if (FINISH.matcher(all.toString(StandardCharsets.UTF_8)).find()
          && Words.delivered(plain).equals(Words.delivered(all.toByteArray()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAllOf(byte[] plain, Reply reply) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    reply.payload().forEach(all::writeBytes);
    return all.size() > 0 && lines(plain).equals(lines(all.toByteArray()));
  }

  /** Whether the last that a stream says is that it has failed; who reads it is told. */
  private boolean endsWithError(Outcome outcome) {
    if (outcome.isFailure() || !call.stream()) {
      return false;
    }
    String plain = new String(Encoding.decode(outcome.body()), StandardCharsets.UTF_8);
    int last = plain.strip().lastIndexOf("data:");
    return last >= 0 && plain.indexOf("\"error\"", last) >= 0;
  }

  /** Whether who would have taken half an answer for a whole one is told, and has as much of it. */
  private boolean isToldOfUnseenCut(Outcome bare, Outcome governed, Reply reply) {
    return !bare.isFailure()
        && governed.isFailure()
        && isCutUnseen(reply)
        && (call.form().givesAllAtOnce() || fewer(bare, governed) == null);
  }

  /**
   * HttpURLConnection takes what is shorter than its length for whole, and every client what ends
   * with its connection, or properly for HTTP without the last events of its protocol. Who knows
   * better says so: an event that breaks off, or an endpoint that has shown how it ends.
   */
  private static boolean isCutUnseen(Reply reply) {
    return !reply.isWhole()
            && (reply.framing() == Reply.Framing.LENGTH || reply.framing() == Reply.Framing.CLOSE)
        || reply.isUnfinished() && reply.truth() == Reply.Truth.FAILURE;
  }

  /** How the application can tell the two apart, or null. */
  private String difference(Outcome b, Outcome g, boolean asks) {
    if (b.isFailure() != g.isFailure()) {
      return (b.isFailure() ? simple(b) : "end " + b.status())
          + " -> "
          + (g.isFailure() ? simple(g) : "end " + g.status());
    }
    if (b.isFailure() && !b.failure().get(0).equals(g.failure().get(0))) {
      return simple(b) + " -> " + simple(g);
    }
    if (b.isFailure() && g.status() == 0) {
      // Who never saw the head of an answer that is not whole has lost nothing by that.
      return fewer(b, g);
    }
    if (b.status() != g.status()) {
      return "status " + b.status() + " -> " + g.status() + (b.isFailure() ? ", both fail" : "");
    }
    String headers = headers(b, g, asks);
    if (headers != null) {
      return "headers " + headers;
    }
    return body(b, g, asks);
  }

  private static String simple(Outcome outcome) {
    String name = outcome.failure().get(0);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private String headers(Outcome b, Outcome g, boolean asks) {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < b.headers().size(); i += 2) {
      names.add(b.headers().get(i));
    }
    for (int i = 0; i < g.headers().size(); i += 2) {
      names.add(g.headers().get(i));
    }
    List<String> different = new ArrayList<>();
    for (String name : names) {
      boolean ours =
          name.startsWith("x-flyball-")
              || name.equals("x-should-retry")
              // HttpURLConnection takes trailers for headers.
              || name.equals("x-trailer")
              // What may be joined to another answer has no length that can be told.
              || name.equals("content-length") && call.stream() && g.header(name).isEmpty()
              || asks && (name.equals("content-length") || name.equals("content-encoding"));
      if (!ours && !b.header(name).equals(g.header(name))) {
        different.add(
            name
                + (g.header(name).isEmpty()
                    ? " lost"
                    : b.header(name).isEmpty() ? " added" : " changed"));
      }
    }
    return different.isEmpty() ? null : different.toString();
  }

  private String body(Outcome b, Outcome g, boolean asks) {
    if (Arrays.equals(b.body(), g.body())) {
      return null;
    }
    byte[] plainB = Encoding.decode(b.body());
    byte[] plainG = Encoding.decode(g.body());
    if (asks && Arrays.equals(plainB, plainG)) {
      return null;
    }
    // A head that says another length moves the place where it breaks off by a byte.
    boolean cut = call.replies().stream().anyMatch(reply -> !reply.isWhole());
    if (asks && cut && Arrays.equals(wholeEvents(plainB), wholeEvents(plainG))) {
      return null;
    }
    if (b.isFailure()) {
      return fewer(b, g);
    }
    if (g.body().length == 0) {
      return "body empty";
    }
    return "body "
        + (g.body().length < b.body().length
            ? "shorter"
            : g.body().length == b.body().length ? "changed" : "longer");
  }

  /** Both fail: how what could be read before is less, or null. */
  private String fewer(Outcome b, Outcome g) {
    byte[] plainB = Encoding.decode(b.body());
    byte[] plainG = Encoding.decode(g.body());
    List<String> wordsG = Words.delivered(plainG);
    if (!Words.areInOrder(wordsG)) {
      return "words lost or doubled before the failure";
    }
    if (isCutElsewhere) {
      return null;
    }
    if (wordsG.size() < Words.delivered(wholeEvents(plainB)).size()) {
      return "fewer words before the failure";
    }
    return !wordsG.isEmpty() || plainG.length >= wholeEvents(plainB).length
        ? null
        : "fewer bytes before the failure";
  }

  /** Without what is not all there of the last event; all of what is no stream of events. */
  private static byte[] wholeEvents(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    if (!text.contains("data:")) {
      return body;
    }
    int end = Math.max(text.lastIndexOf("\n\n") + 2, text.lastIndexOf("\n\r\n") + 3);
    return end < 3 ? new byte[0] : Arrays.copyOf(body, end);
  }

  private void count(
      Trial.Side bare, Trial.Side governed, boolean answered, boolean asks, List<Reply> served)
      throws InterruptedException {
    int b = bare.requests().size();
    int g = governed.requests().size();
    int allowance = asks ? 1 : 0;
    // What a client cannot make anything of is a failure to its application.
    if (answered && !bare.outcome().isFailure()) {
      if (g > b + allowance || g == 0 && b > 0) {
        broken("asked again after an answer", b + " requests -> " + g);
      }
      return;
    }
    for (int i = 0; i < served.size() - 1 && g > b + allowance; i++) {
      Outcome alone =
          served.get(i).isAnswer() && served.get(i).status() < 300
              ? trial.bareFrom(call, index, i)
              : null;
      if (alone != null && !alone.isFailure()) {
        broken(
            "asked again after a success",
            "reply " + i + " was one, and " + g + " requests were made");
        return;
      }
    }
    boolean own =
        asks
            && g > 1
            && isUsageAsked(governed.requests().get(0))
            && !isUsageAsked(governed.requests().get(1));
    Reply said = served.isEmpty() ? null : served.get(own ? 1 : 0);
    boolean toldNotTo =
        said != null
            && said.isWhole()
            && call.replies().contains(said)
            // OkHttp itself sends a request again after a 408, whatever it says.
            && b == 1
            && said.status() >= 400
            && said.headers().contains("x-should-retry: false");
    if (toldNotTo && g > b + allowance) {
      broken("asked again against x-should-retry", b + " requests -> " + g);
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
      broken("asked too often", b + " requests -> " + g);
    }
  }

  private void requests(Trial.Side bare, Trial.Side governed, boolean asks) {
    if (bare.requests().isEmpty()) {
      return;
    }
    SeenRequest expected = bare.requests().get(0);
    for (SeenRequest request :
        governed.requests().subList(0, Math.min(1, governed.requests().size()))) {
      if (!request.line().equals(expected.line())) {
        broken("request line", expected.line() + " -> " + request.line());
      }
      Set<String> first = lines(expected, asks);
      Set<String> second = lines(request, asks);
      if (!first.equals(second)) {
        Set<String> lost = new TreeSet<>(first);
        lost.removeAll(second);
        second.removeAll(first);
        broken("request headers", "lost " + lost + ", added " + second);
      }
      if (!isUsageAsked(request) && !Arrays.equals(expected.body(), request.body())) {
        broken("request body", expected.text() + " -> " + request.text());
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

  private void time(Trial.Side bare, Trial.Side governed, boolean answered) {
    long late = governed.outcome().millis() - bare.outcome().millis();
    long allowed = LATER_MS;
    if (!answered) {
      allowed = RESCUE_MS;
    } else {
      // A limit that this credential has run into before may be kept.
      for (TwinCase.Call before : made.calls().subList(0, index)) {
        if (before.key().equals(call.key()) && !before.replies().get(0).isAnswer()) {
          allowed = RESCUE_MS;
        }
      }
    }
    if (late > allowed) {
      broken(answered ? "later" : "later after a failure", late + " ms");
    }
  }
}
