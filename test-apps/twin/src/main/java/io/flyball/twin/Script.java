package io.flyball.twin;

import java.util.ArrayList;
import java.util.List;

/** What the provider does at one address, and what it was asked there. Thread-safe. */
final class Script {
  /** The call that a request belongs to; clients send it again with every attempt. */
  static final String CALL_HEADER = "x-twin-call";

  private final List<List<Reply>> replies;
  private final List<List<SeenRequest>> seen = new ArrayList<>();
  private int latest;

  /**
   * @param replies for each call its attempts in turn; the last reply is for all further ones
   */
  Script(List<List<Reply>> replies) {
    this.replies = replies;
    replies.forEach(call -> seen.add(new ArrayList<>()));
  }

  /** The reply to a request. */
  synchronized Reply next(SeenRequest request) {
    String call = request.header(CALL_HEADER);
    // HttpURLConnection follows some redirects without the application's headers.
    int index = call == null ? latest : Integer.parseInt(call);
    latest = index;
    List<SeenRequest> before = seen.get(index);
    before.add(request);
    return served(call(index), before.size() - 1, request);
  }

  /**
   * The reply to the n-th request of a call.
   *
   * @param replies the call's
   */
  static Reply served(List<Reply> replies, int n, SeenRequest request) {
    Reply reply = replies.get(Math.min(n, replies.size() - 1));
    return reply.instead() != null && request.asksForUsage() ? reply.instead() : reply;
  }

  private List<Reply> call(int index) {
    return replies.get(index);
  }

  /** What was asked for that call so far. */
  synchronized List<SeenRequest> seen(int call) {
    return List.copyOf(seen.get(call));
  }
}
