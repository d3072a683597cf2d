package io.flyball.protocol.answer;

import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one answer so far, told to it by the shapes of its protocol while the bytes pass
 * by. Mutable, constant in size, not thread safe.
 */
public abstract class Answer {
  private static final int MOST_FINISH_REASONS = 256;

  private final int status;
  private String id;
  private String model;
  private String serviceTier;
  private String systemFingerprint;
  private final List<String> finishReasons = new ArrayList<>(1);
  private int toolCalls;
  private long outputCharacters;
  private boolean contentSeen;
  private StringBuilder text;
  private int textLimit;

  private final ProviderError error;

  /**
   * @param status the HTTP status of the answer; from 400 on the body is an error
   */
  protected Answer(int status) {
    this.status = status;
    this.error = new ProviderError(status >= 400);
  }

  /** Tokens as the provider reported them so far, or null when it reported none. */
  protected abstract Usage usage();

  /** False only when surely no usage was reported so far. */
  protected boolean mayHaveUsage() {
    return true;
  }

  /**
   * Whether the stream is whole.
   *
   * @param ended the transport saw the end of the body; until then only a terminal event counts
   */
  protected abstract boolean streamComplete(boolean ended);

  /**
   * A stream event begins whose data follows.
   *
   * @param name its event field, or null
   */
  protected void beginEvent(String name) {}

  /** The stream said {@code [DONE]}. */
  protected void done() {}

  /**
   * Names the error fields that all providers share on the outermost object: {@code error} as an
   * object or string, and the flat form ({@code message}, {@code type}, {@code code} beside each
   * other) of vLLM, Mistral and the responses API.
   */
  protected static <A extends Answer> JsonShape.Builder<A> withErrors(JsonShape.Builder<A> shape) {
    return shape
        .inside("error", errorObject())
        .value("error", (answer, v) -> error(answer).bare(v))
        .value("code", (answer, v) -> error(answer).flatCode(v))
        .value("type", Answer::outermostType)
        .value("object", (answer, v) -> error(answer).flatMark(v))
        .value("message", (answer, v) -> error(answer).flatMessage(v))
        .value("detail", (answer, v) -> error(answer).flatMessage(v))
        .end(Answer::settle);
  }

  /** The object under {@code error}; seeing it makes the answer a failed one. */
  protected static <A extends Answer> JsonShape<A> errorObject() {
    JsonShape<A> details =
        JsonShape.<A>builder().value("error_code", (answer, v) -> error(answer).code(v)).build();
    return JsonShape.<A>builder()
        .begin(answer -> error(answer).see())
        .value("message", (answer, v) -> error(answer).message(v))
        .value("type", (answer, v) -> error(answer).type(v))
        .value("status", (answer, v) -> error(answer).type(v))
        .value("code", (answer, v) -> error(answer).code(v))
        .inside("details", details)
        .build();
  }

  private static ProviderError error(Answer answer) {
    return answer.error;
  }

  private void outermostType(JsonValue value) {
    eventType(error.flatType(value));
  }

  private void settle() {
    error.settle(status >= 400);
    endObject();
  }

  /**
   * The answer is an error of that kind, unless the provider named it more exactly.
   *
   * @param type null when there is no name for it but the provider's, if any
   */
  protected final void failed(String type) {
    error.see(type);
  }

  /**
   * The {@code type} of the outermost object, which is the event's type in several APIs.
   *
   * @param type null when it is not a string
   */
  protected void eventType(String type) {}

  /** The outermost object (a plain body, or the data of one event) is over. */
  protected void endObject() {}

  protected final void id(JsonValue value) {
    id = firstText(id, value);
  }

  protected final void model(JsonValue value) {
    model = firstText(model, value);
  }

  /** The last tier told counts: a stream may begin with the one asked for. */
  protected final void serviceTier(JsonValue value) {
    serviceTier = value.isString() ? value.text(serviceTier) : serviceTier;
  }

  protected final void systemFingerprint(JsonValue value) {
    systemFingerprint = firstText(systemFingerprint, value);
  }

  /** Azure sends empty strings in the first chunk of a stream; they say nothing. */
  private static String firstText(String known, JsonValue value) {
    return known != null || value.characters() == 0 ? known : value.text();
  }

  /** The provider's word for why choice number {@code choice} ended; null and "" are no word. */
  protected final void finished(int choice, String reason) {
    if (choice < 0 || choice >= MOST_FINISH_REASONS) {
      return;
    }
    while (finishReasons.size() <= choice) {
      finishReasons.add(null);
    }
    if (reason != null && !reason.isEmpty()) {
      finishReasons.set(choice, reason);
    }
  }

  /** Whether there was a choice, and every one that was seen has a finish reason. */
  protected final boolean everyChoiceFinished() {
    return !finishReasons.isEmpty() && !finishReasons.contains(null);
  }

  /** Generated text of any kind: an answer, a refusal, reasoning, tool arguments. */
  protected final void output(JsonValue value) {
    int characters = value.characters();
    if (characters == 0) {
      return;
    }
    outputCharacters += characters;
    contentSeen = true;
    if (textLimit > 0) {
      if (text == null) {
        text = new StringBuilder();
      }
      value.appendTo(text, textLimit);
    }
  }

  /** The model asks for one more tool call. */
  protected final void toolCall() {
    toolCalls++;
    contentSeen = true;
  }

  /** Something the application can use arrived that is not text. */
  protected final void content() {
    contentSeen = true;
  }

  final boolean contentSeen() {
    return contentSeen;
  }

  final boolean errorSeen() {
    return error.seen();
  }

  final String text() {
    return text == null ? null : text.toString();
  }

  final void keepText(int characters) {
    textLimit = characters;
  }

  final ResponseFacts facts(boolean complete, int malformedEvents) {
    List<String> reasons = new ArrayList<>(finishReasons);
    reasons.removeIf(reason -> reason == null);
    return ResponseFacts.builder()
        .id(id)
        .model(model)
        .finishReasons(reasons)
        .usage(usage())
        .serviceTier(serviceTier)
        .systemFingerprint(systemFingerprint)
        .errorType(error.name())
        .errorMessage(error.message())
        .complete(complete)
        .toolCalls(toolCalls)
        .malformedEvents(malformedEvents)
        .outputCharacters(outputCharacters)
        .build();
  }
}
