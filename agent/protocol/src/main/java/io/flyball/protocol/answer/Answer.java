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

  /** Null where none is kept. */
  private GeneratedText text;

  private final ProviderError error;

  /** Whether the answer itself says that it failed, whatever it has. */
  private boolean failed;

  /** Whether the field was there in which the protocol has its answers, whatever was in it. */
  private boolean knownForm;

  /** Whether there was something of an answer in the object at hand. */
  private boolean answering;

  /** Of the event at hand; null when it has none. */
  private String eventName;

  /** Whether the object at hand has a type of its own. */
  private boolean typed;

  /** Whether there was an error by the end of the object before. */
  private boolean failedBefore;

  /** Whether every choice had its finish reason by the end of the object before. */
  private boolean finishedBefore;

  private boolean errorBehindEnd;

  /** Outermost objects that have ended. */
  private long objects;

  /**
   * @param status the HTTP status of the answer; from 400 on the body is an error
   */
  protected Answer(int status) {
    this.status = status;
    this.error = new ProviderError(status >= 400);
  }

  /** Tokens as the provider reported them so far, or null when it reported none. */
  protected abstract Usage usage();

  /**
   * What is known where no usage was reported: uses of tools, something that cannot be counted, a
   * total of tokens without its parts, as output. Null for nothing.
   */
  protected Usage besidesTokens() {
    return null;
  }

  /** For {@link #besidesTokens}. */
  protected static Usage orNothing(Usage.Builder known) {
    Usage usage = known.build();
    return usage.isNothing() && usage.statedUsd() == null ? null : usage;
  }

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
  protected void beginEvent(String name) {
    eventName = name;
  }

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

  /** The object under {@code error}; what it says makes the answer a failed one. */
  protected static <A extends Answer> JsonShape<A> errorObject() {
    JsonShape<A> details =
        JsonShape.<A>builder().value("error_code", (answer, v) -> error(answer).code(v)).build();
    return JsonShape.<A>builder()
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
    typed |= value.isString();
    eventType(error.flatType(value));
  }

  /** The name of an event stands in for the type that its data lacks. */
  private void settle() {
    if (!typed && eventName != null) {
      error.flatMark(eventName);
      eventType(eventName);
    }
    typed = false;
    eventName = null;
    error.settle(status >= 400, !saysSomething(false), !answering);
    endObject();
    noteError();
    finishedBefore = everyChoiceFinished();
    answering = false;
    objects++;
  }

  private void noteError() {
    if (error.seen() && !failedBefore) {
      failedBefore = true;
      errorBehindEnd = finishedBefore && contentSeen();
    }
  }

  /**
   * The object at hand was none after all: what it began to say of itself is not the next one's.
   */
  final void forgetObject() {
    typed = false;
    eventName = null;
    answering = false;
    error.forgetFlat();
  }

  /** An event that calls itself an error said so in plain words. */
  final void failedInWords(String words) {
    error.words(words);
    noteError();
  }

  /**
   * Whether there is all that a plain answer is asked for, so that an error beside it is no reason
   * to ask again; asked at its end.
   */
  protected boolean isWhole() {
    return contentSeen() && isFinished() && usage() != null;
  }

  final boolean isWholeInSpiteOfError() {
    return status < 400 && !failed && isWhole();
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

  /** There is the field in which the protocol has its answers. */
  protected final void inKnownForm() {
    knownForm = true;
  }

  final boolean isInKnownForm() {
    return knownForm;
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
    failed = true;
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
    answering |= value.characters() > 0;
    model = firstText(model, value);
  }

  /** The last tier told counts: a stream may begin with the one asked for. */
  protected final void serviceTier(JsonValue value) {
    serviceTier = lastText(serviceTier, value);
  }

  /** The speed that was billed ({@code fast}). */
  protected final void speed(JsonValue value) {
    speed = lastText(speed, value);
  }

  /** The region that the inference was bound to. */
  protected final void region(JsonValue value) {
    region = lastText(region, value);
  }

  protected final void systemFingerprint(JsonValue value) {
    systemFingerprint = firstText(systemFingerprint, value);
  }

  /** An empty word takes nothing back. */
  private static String lastText(String known, JsonValue value) {
    return value.characters() == 0 ? known : value.text(known);
  }

  /** Azure sends empty strings in the first chunk of a stream; they say nothing. */
  private static String firstText(String known, JsonValue value) {
    return known != null || value.characters() == 0 ? known : value.text();
  }

  /** The provider's word for why choice number {@code choice} ended; null and "" are no word. */
  protected final void finished(int choice, String reason) {
    answering = true;
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

  /**
   * Generated text: an answer, a refusal, reasoning, tool arguments.
   *
   * @param kind which of them, so that what is told by turns is not mixed
   */
  protected final void output(String kind, JsonValue value) {
    int characters = value.characters();
    answering = true;
    if (characters == 0) {
      return;
    }
    outputCharacters += characters;
    contents++;
    if (text != null) {
      text.add(kind, value);
    }
  }

  /** How many pieces of text wait for {@link #outputOf}. */
  protected final int outputWaiting() {
    return text == null ? 0 : text.waiting();
  }

  /** The pieces from there on are of this item (a tool call, a block) within their choice. */
  protected final void outputOfItem(int from, long item) {
    if (text != null) {
      text.ofItem(from, item);
    }
  }

  /** All pieces that wait are of this choice (a candidate, an output item). */
  protected final void outputOf(long choice) {
    if (text != null) {
      text.ofChoice(choice);
    }
  }

  /** The model asks for one more tool call. */
  protected final void toolCall() {
    answering = true;
    toolCalls++;
    contents++;
  }

  /** Something the application can use arrived that is not text. */
  protected final void content() {
    answering = true;
    contents++;
  }

  protected final boolean contentSeen() {
    return contents > 0;
  }

  final long objects() {
    return objects;
  }

  final long contents() {
    return contents;
  }

  final long outputCharacters() {
    return outputCharacters;
  }

  final boolean errorSeen() {
    return error.seen();
  }

  final boolean isErrorBehindEnd() {
    return errorBehindEnd;
  }

  final boolean hasFailedStatus() {
    return status >= 400;
  }

  final String text() {
    return text == null ? null : text.text();
  }

  final void keepText(int characters) {
    text = characters <= 0 ? null : new GeneratedText(characters);
  }

  /**
   * Whether it says too little of what has been told by now: zeros of tokens beside content, which
   * are what gateways say that do not count. Where a price is stated, that says something.
   */
  private boolean isPlaceholder(Usage usage, boolean whole) {
    boolean nothing = usage.total() == 0 && contentSeen();
    boolean noOutput = whole && usage.output() == 0 && outputCharacters > 0;
    return (nothing || noOutput) && usage.statedUsd() == null;
  }

  private Usage besides(Usage placeholder) {
    Usage besides = besidesTokens();
    if (placeholder == null || placeholder.isNothing()) {
      return besides;
    }
    return placeholder.toBuilder(Usage.Source.ESTIMATED)
        .incomplete(placeholder.incomplete() || (besides != null && besides.incomplete()))
        .build();
  }

  /**
   * @param whole whether nothing more of it will come
   */
  final ResponseFacts.Builder facts(boolean whole) {
    List<String> reasons = new ArrayList<>(finishReasons);
    reasons.removeIf(reason -> reason == null);
    Usage said = usage();
    Usage usage = said == null || isPlaceholder(said, whole) ? null : said;
    return ResponseFacts.builder()
        .id(id)
        .model(model)
        .finishReasons(reasons)
        .usage(usage)
        .besidesTokens(usage == null ? besides(said) : null)
        .serviceTier(serviceTier)
        .speed(speed)
        .region(region)
        .goesOn(goesOn())
        .systemFingerprint(systemFingerprint)
        .errorType(error.name())
        .errorMessage(error.message())
        .failedAnswer(error.isInAnswer())
        .toolCalls(toolCalls);
  }
}
