package io.flyball.twin;

import com.example.twin.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the application may see of a call. */
final class AnswerLaw {
  /** More bytes than there are around a chunk, and at the end of chunks. */
  private static final int FRAMING = 60;

  /** How each API says that an answer is over, before the event that only ends the stream. */
  private static final Pattern FINISH =
      Pattern.compile(
          "\"finish_reason\":\"|\"stop_reason\":\"|\"finishReason\":\"|\"response\\.completed\"");

  private final Judged judged;
  private final TwinCase.Call call;

  /** Whether a cut at the same byte stands elsewhere in the text for who asks for usage. */
  private final boolean isCutElsewhere;

  AnswerLaw(Judged judged) {
    this.judged = judged;
    this.call = judged.call;
    this.isCutElsewhere =
        judged.isUsageAdded && judged.served.stream().anyMatch(this::isCutElsewhere);
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

  void judge() throws InterruptedException {
    Outcome b = judged.bare.outcome();
    Outcome g = judged.governed.outcome();
    boolean asks = judged.isUsageAdded;
    List<Reply> served = judged.served;
    String difference = difference(b, g, asks);
    if (difference == null) {
      return;
    }
    if (judged.isAnswered && !b.isFailure() || served.isEmpty()) {
      judged.broken(difference, "the provider had answered");
      return;
    }
    if (isWholeAnswer(g, served, judged.governed.requests()) || isWholeButForItsEnd(g, served)) {
      return;
    }
    if (isCutElsewhere && Words.areInOrder(Words.delivered(Encoding.decode(g.body())))) {
      return;
    }
    if (b.status() == g.status() && endsWithError(g) && fewer(b, g) == null) {
      return;
    }
    Reply last = judged.servedBare.get(judged.servedBare.size() - 1);
    if (isToldOfUnseenCut(b, g, last)) {
      return;
    }
    boolean endsWell = !b.isFailure() && b.status() / 100 == 2;
    boolean mustEndWell = endsWell && last.truth() != Reply.Truth.FAILURE;
    boolean sameHead = false;
    boolean sameFailure = false;
    for (int i = served.size() - 1; i >= 0; i--) {
      Outcome alone = judged.bareFrom(i);
      if (alone == null) {
        continue;
      }
      String other = difference(alone, g, asks);
      // What ended well may end as well with another reply that is no answer either.
      boolean asWell = !mustEndWell || !g.isFailure() && g.status() / 100 == 2;
      // What the provider says to the application's own request is what it would have said first.
      boolean own = asks && !judged.addsUsage(judged.governed.requests().get(i));
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
    judged.broken(
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
}
