package io.flyball.twin;

import java.util.List;

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
  private Law() {}

  /**
   * @param index of the call in the case
   * @param trial makes further calls without the agent
   */
  static List<Break> judge(
      TwinCase made, int index, Trial.Side bare, Trial.Side governed, Trial trial)
      throws InterruptedException {
    if (bare.outcome() == null || bare.requests().isEmpty()) {
      return List.of();
    }
    Judged judged = new Judged(made, index, bare, governed, trial);
    if (governed.outcome() == null) {
      judged.broken("hangs", "no end within 25 s, bare took " + bare.outcome().millis() + " ms");
      return judged.breaks();
    }
    new AnswerLaw(judged).judge();
    new RequestLaw(judged).judge();
    return judged.breaks();
  }
}
