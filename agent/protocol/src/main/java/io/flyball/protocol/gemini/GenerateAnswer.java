package io.flyball.protocol.gemini;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.HashMap;
import java.util.Map;

/**
 * An answer of generateContent, or the chunks of streamGenerateContent, which are answers of the
 * same form. A stream has no terminal event: it is whole when its candidates have finish reasons. A
 * prompt that was blocked has no candidates; it counts as finished by the content filter.
 */
final class GenerateAnswer extends Answer {
  /** What a blocked prompt's finish reason is called; Google has no word for it. */
  private static final String BLOCKED = "content_filter";

  /** Finish reasons where enums are asked for as numbers; above these the APIs disagree. */
  private static final String[] REASONS = {
    null, "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"
  };

  private static final String UNSPECIFIED = "FINISH_REASON_UNSPECIFIED";
  private static final JsonShape<GenerateAnswer> CHUNK = chunk();

  private static final int MOST_CANDIDATES = 1024;

  private final GeminiUsage usage = new GeminiUsage();
  private final boolean stream;
  private int candidate;
  private String finishReason;
  private boolean functionNamed;
  private long functionCalls;
  private boolean thought;

  /** The first piece of text of the part at hand. */
  private int partText;

  private boolean candidateSeen;

  /** Of the candidate at hand, as the next two are. */
  private long queries;

  private boolean searched;

  private boolean mapped;

  /** By candidate; each chunk of a stream may say all of them again. */
  private final Map<Integer, Long> searches = new HashMap<>();

  private boolean mapsUsed;
  private boolean drawnOrSpoken;

  private GenerateAnswer(int status, boolean stream) {
    super(status);
    this.stream = stream;
  }

  static ResponseReader reader(int status, boolean stream) {
    GenerateAnswer answer = new GenerateAnswer(status, stream);
    return stream && status < 400
        ? AnswerReader.ofStream(answer, CHUNK)
        : new AnswerReader<>(answer, CHUNK, CHUNK);
  }

  private static JsonShape<GenerateAnswer> chunk() {
    JsonShape<GenerateAnswer> feedback =
        JsonShape.<GenerateAnswer>builder().value("blockReason", GenerateAnswer::blocked).build();
    return withErrors(JsonShape.<GenerateAnswer>builder())
        .value("responseId", GenerateAnswer::id)
        .value("modelVersion", GenerateAnswer::model)
        .kind("promptFeedback", (answer, kind) -> answer.inKnownForm())
        .inside("promptFeedback", feedback)
        .inside("usageMetadata", usageMetadata())
        .kind("candidates", (answer, kind) -> answer.inKnownForm())
        .inside("candidates", candidate())
        .build();
  }

  /** Vertex AI and the Gemini API have different words for the tier. */
  private static JsonShape<GenerateAnswer> usageMetadata() {
    return GeminiUsage.<GenerateAnswer>shape(answer -> answer.usage)
        .value("trafficType", GenerateAnswer::serviceTier)
        .value("serviceTier", GenerateAnswer::serviceTier)
        .build();
  }

  private static JsonShape<GenerateAnswer> candidate() {
    JsonShape<GenerateAnswer> source =
        JsonShape.<GenerateAnswer>builder()
            .kind("web", (answer, kind) -> answer.searched |= kind == JsonKind.OBJECT)
            .kind("maps", (answer, kind) -> answer.mapped |= kind == JsonKind.OBJECT)
            .build();
    JsonShape<GenerateAnswer> grounding =
        JsonShape.<GenerateAnswer>builder()
            .value("webSearchQueries", GenerateAnswer::searched)
            .kind("searchEntryPoint", (answer, kind) -> answer.searched |= kind == JsonKind.OBJECT)
            .inside("groundingChunks", source)
            .build();
    JsonShape<GenerateAnswer> content =
        JsonShape.<GenerateAnswer>builder().inside("parts", part()).build();
    return JsonShape.<GenerateAnswer>builder()
        .begin(GenerateAnswer::beginCandidate)
        .value("index", GenerateAnswer::candidateIndex)
        .value("finishReason", GenerateAnswer::finishReason)
        .inside("content", content)
        .kind("groundingMetadata", (answer, kind) -> answer.queries = 0)
        .inside("groundingMetadata", grounding)
        .end(GenerateAnswer::endCandidate)
        .build();
  }

  /** Text is thoughts as well when the part says so. */
  private static JsonShape<GenerateAnswer> part() {
    JsonShape<GenerateAnswer> argument =
        JsonShape.<GenerateAnswer>builder()
            .value("stringValue", (answer, v) -> answer.output("stringValue", v))
            .build();
    JsonShape<GenerateAnswer> call =
        JsonShape.<GenerateAnswer>builder()
            .begin(answer -> answer.functionNamed = false)
            .value("name", (answer, v) -> answer.functionNamed |= v.characters() > 0)
            .inside("partialArgs", argument)
            .end(GenerateAnswer::endCall)
            .build();
    JsonShape<GenerateAnswer> code =
        JsonShape.<GenerateAnswer>builder()
            .value("code", (answer, v) -> answer.output("code", v))
            .build();
    return JsonShape.<GenerateAnswer>builder()
        .begin(GenerateAnswer::beginPart)
        .end(GenerateAnswer::endPart)
        .value("thought", (answer, v) -> answer.thought = v.isTrue())
        .value("text", (answer, v) -> answer.output("text", v))
        .inside("functionCall", call)
        .inside("executableCode", code)
        .kind("codeExecutionResult", GenerateAnswer::data)
        .kind("inlineData", GenerateAnswer::media)
        .kind("fileData", GenerateAnswer::media)
        .build();
  }

  private void searched(JsonValue query) {
    if (query.characters() > 0) {
      queries++;
    }
  }

  private void beginCandidate() {
    candidateSeen = true;
    candidate = 0;
    finishReason = null;
    queries = 0;
    searched = false;
    mapped = false;
  }

  private void endCandidate() {
    // Sources without a word of what was searched for come of one search at least.
    long some = searched ? Math.max(1, queries) : queries;
    if (some > 0 && (searches.size() < MOST_CANDIDATES || searches.containsKey(candidate))) {
      searches.merge(candidate, some, Math::max);
    }
    mapsUsed |= mapped;
    finished(candidate, finishReason);
    outputOf(candidate);
  }

  private void beginPart() {
    partText = outputWaiting();
    thought = false;
  }

  /** Thoughts are text as well. */
  private void endPart() {
    if (thought) {
      outputOfItem(partText, -1);
    }
  }

  private void candidateIndex(JsonValue value) {
    Long index = value.integer();
    candidate = index == null || index != index.intValue() ? -1 : index.intValue();
  }

  private void finishReason(JsonValue value) {
    Long number = value.integer();
    if (number != null) {
      finishReason =
          number >= 0 && number < REASONS.length
              ? REASONS[number.intValue()]
              : String.valueOf(number);
    } else if (!value.is(UNSPECIFIED)) {
      finishReason = value.text(finishReason);
    }
  }

  /** A call whose arguments are streamed says its name once. */
  private void endCall() {
    if (functionNamed) {
      functionCalls++;
      toolCall();
    }
    outputOfItem(partText, functionCalls);
  }

  private void data(JsonKind kind) {
    if (kind == JsonKind.OBJECT) {
      content();
    }
  }

  private void media(JsonKind kind) {
    drawnOrSpoken |= kind == JsonKind.OBJECT;
    data(kind);
  }

  private void blocked(JsonValue value) {
    Long number = value.integer();
    boolean reason = number != null ? number != 0 : value.characters() > 0;
    if (reason && !value.is("BLOCK_REASON_UNSPECIFIED")) {
      finished(0, BLOCKED);
    }
  }

  @Override
  protected boolean streamComplete(boolean ended) {
    return ended && everyChoiceFinished();
  }

  @Override
  protected boolean hasChoices() {
    return candidateSeen;
  }

  @Override
  protected Usage usage() {
    Usage.Builder told = usage.usage(!stream || everyChoiceFinished());
    return told == null ? null : tools(told).outputKindsUntold(drawnOrSpoken).build();
  }

  /** What was drawn or spoken is not priced as text. */
  @Override
  protected Usage besidesTokens() {
    return orNothing(tools(usage.besides().incomplete(drawnOrSpoken)));
  }

  /** Maps are charged for as a search is. */
  private Usage.Builder tools(Usage.Builder told) {
    long sum = 0;
    for (long each : searches.values()) {
      sum = Counts.plus(sum, each);
    }
    long maps = mapsUsed ? 1 : 0;
    return told.toolUse("google_search", sum + maps)
        .toolUse("grounded_prompt", Math.min(1, sum) + maps);
  }
}
