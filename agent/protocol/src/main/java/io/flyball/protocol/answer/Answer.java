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
  private String speed;
  private String region;
  private String systemFingerprint;
  private final List<String> finishReasons = new ArrayList<>(1);
  private int toolCalls;
  private long outputCharacters;
  private long contents;
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

  /** Whether the provider goes on making the answer, whoever reads or leaves this one. */
  protected boolean goesOn() {
    return false;
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
        .value("msg", (answer, v) -> error(answer).flatMessage(v))
        .value("success", (answer, v) -> error(answer).success(v))
        .value("error_code", (answer, v) -> error(answer).flatCode(v))
        .value("error_msg", (answer, v) -> error(answer).flatMessage(v))
        .inside("errors", listedError())
        .inside("base_resp", baseResponse())
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

  /** Cloudflare's list, which is empty where nothing is wrong. */
  private static <A extends Answer> JsonShape<A> listedError() {
    return JsonShape.<A>builder()
        .value("code", (answer, v) -> error(answer).flatCode(v))
        .value("message", (answer, v) -> error(answer).flatMessage(v))
        .build();
  }

  /** MiniMax, whose numbers are its own. */
  private static <A extends Answer> JsonShape<A> baseResponse() {
    return JsonShape.<A>builder()
        .value("status_code", (answer, v) -> error(answer).baseCode(v))
        .value("status_msg", (answer, v) -> error(answer).flatMessage(v))
        .build();
  }

  private static ProviderError error(Answer answer) {
    return answer.error;
  }

  private void outermostType(JsonValue value) {
    eventType(error.flatType(value));
  }

  private void settle() {
    error.settle(status >= 400, !saysSomething(false));
    endObject();
  }

  /**
   * Whether there is anything in the answer that an application could use, as far as that can be
   * seen; false only where it surely is not.
   *
   * @param stream whether it came as one
   */
  protected boolean saysSomething(boolean stream) {
    return contentSeen() || isFinished() || (!stream && hasChoices());
  }

  /** Whether a plain answer has choices, whatever is in them. */
  protected boolean hasChoices() {
    return false;
  }

  private boolean isFinished() {
    for (String reason : finishReasons) {
      if (reason != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * The answer is an error of that kind, unless the provider named it more exactly.
   *
   * @param type null when there is no name for it but the provider's, if any
   */
  protected final void failed(String type) {
    error.see(type);
    error.inAnswer();
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

  /** The speed that was billed ({@code fast}). */
  protected final void speed(JsonValue value) {
    speed = value.isString() ? value.text(speed) : speed;
  }

  /** The region that the inference was bound to. */
  protected final void region(JsonValue value) {
    region = value.isString() ? value.text(region) : region;
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
    contents++;
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
    contents++;
  }

  /** Something the application can use arrived that is not text. */
  protected final void content() {
    contents++;
  }

  final boolean contentSeen() {
    return contents > 0;
  }

  final long contents() {
    return contents;
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

  final ResponseFacts.Builder facts() {
    List<String> reasons = new ArrayList<>(finishReasons);
    reasons.removeIf(reason -> reason == null);
    return ResponseFacts.builder()
        .id(id)
        .model(model)
        .finishReasons(reasons)
        .usage(usage())
        .serviceTier(serviceTier)
        .speed(speed)
        .region(region)
        .goesOn(goesOn())
        .systemFingerprint(systemFingerprint)
        .errorType(error.name())
        .errorMessage(error.message())
        .failedAnswer(error.isInAnswer())
        .toolCalls(toolCalls)
        .outputCharacters(outputCharacters);
  }
}
