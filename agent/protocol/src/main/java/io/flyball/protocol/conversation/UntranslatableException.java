package io.flyball.protocol.conversation;

import java.util.Objects;

/** A request cannot be sent to a target without changing what it means. */
public final class UntranslatableException extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  UntranslatableException(String reason) {
    super(reason, null, false, false);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * The feature that stands in the way, for example {@code previous_response_id} or {@code hosted
   * tool web_search}; never content of the request.
   */
  public String reason() {
    return reason;
  }
}
