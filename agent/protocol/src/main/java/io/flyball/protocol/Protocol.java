package io.flyball.protocol;

/**
 * One wire format of one API: how its requests are read and edited, how its answers are understood.
 *
 * <p>Pure and stateless: implementations do no I/O, keep no state, start no threads. Nothing here
 * throws for what a peer sends: malformed input yields less knowledge, never an exception.
 */
public interface Protocol {

  /** For example {@code openai.chat}, {@code openai.responses}, {@code anthropic.messages}. */
  String id();

  /**
   * A reader for one answer to that request. It is fed the decoded (not gzipped) body in the order
   * of its bytes, from one thread at a time.
   *
   * @param status the HTTP status of the answer
   * @param contentType its Content-Type, or null
   */
  ResponseReader reader(RequestFacts request, int status, String contentType);

  /**
   * Whether a success that does not call itself {@code text/event-stream} is a stream all the same,
   * whose parts can be used as they come.
   *
   * @param contentType of the answer, or null
   */
  default boolean isStream(RequestFacts request, String contentType) {
    String json = "application/json";
    return request.stream()
        && (contentType == null || !contentType.regionMatches(true, 0, json, 0, json.length()));
  }

  /**
   * The request changed so that the provider reports usage in its stream, or null when nothing has
   * to change (not a stream, already asked for, by this field or another one that is about usage,
   * this provider reports anyway or rejects the field). The change is a splice: every other byte
   * stays.
   */
  byte[] askForUsage(RequestFacts request, byte[] body);

  /**
   * What a request has that its API does not know, as a number that differs where that differs:
   * some server may take it for a wish to be told usage.
   */
  default int beyondTheApi(byte[] body) {
    return 0;
  }

  /**
   * The request changed so that the answer has at most so many tokens; every other byte stays.
   *
   * @return null when this API has no such limit or the body is not well-formed
   */
  default byte[] limitOutput(RequestFacts request, byte[] body, long tokens) {
    return null;
  }

  /**
   * Whether a server-sent event exists only because {@link #askForUsage} asked for it, and must be
   * hidden from the application.
   *
   * @param bytes hold the event's data, lines joined, as UTF-8; valid only during the call
   * @param offset of the data's first byte
   * @param length bytes of data
   */
  boolean isRequestedUsageEvent(byte[] bytes, int offset, int length);

  /**
   * The prefix under which OpenTelemetry's conventions (1.41) keep attributes of this provider's
   * API, for example {@code openai}; null when they have none.
   */
  default String telemetryNamespace() {
    return null;
  }

  /** The value of {@code <namespace>.api.type}; null when the conventions have no word for it. */
  default String telemetryApiType() {
    return null;
  }
}
