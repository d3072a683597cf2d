package io.flyball.protocol.gemini;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;

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

  private final GeminiUsage usage = new GeminiUsage();
  private final boolean stream;
  private int candidate;
  private String finishReason;
  private boolean functionNamed;
  private boolean candidateSeen;
  private long queries;
  private long mostQueries;

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
        .inside("promptFeedback", feedback)
        .inside("usageMetadata", usageMetadata())
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
    JsonShape<GenerateAnswer> grounding =
        JsonShape.<GenerateAnswer>builder()
            .value("webSearchQueries", GenerateAnswer::searched)
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
        .end(answer -> answer.finished(answer.candidate, answer.finishReason))
        .build();
  }

  /** Text is thoughts as well when the part says so. */
  private static JsonShape<GenerateAnswer> part() {
    JsonShape<GenerateAnswer> argument =
        JsonShape.<GenerateAnswer>builder().value("stringValue", GenerateAnswer::output).build();
    JsonShape<GenerateAnswer> call =
        JsonShape.<GenerateAnswer>builder()
            .begin(answer -> answer.functionNamed = false)
            .value("name", (answer, v) -> answer.functionNamed |= v.characters() > 0)
            .inside("partialArgs", argument)
            .end(GenerateAnswer::endCall)
            .build();
    JsonShape<GenerateAnswer> code =
        JsonShape.<GenerateAnswer>builder().value("code", GenerateAnswer::output).build();
    return JsonShape.<GenerateAnswer>builder()
        .value("text", GenerateAnswer::output)
        .inside("functionCall", call)
        .inside("executableCode", code)
        .kind("codeExecutionResult", GenerateAnswer::data)
        .kind("inlineData", GenerateAnswer::data)
        .kind("fileData", GenerateAnswer::data)
        .build();
  }

  /** Each chunk of a stream may say all of them again. */
  private void searched(JsonValue query) {
    if (query.characters() > 0) {
      queries++;
      mostQueries = Math.max(mostQueries, queries);
    }
  }

  private void beginCandidate() {
    candidateSeen = true;
    candidate = 0;
    finishReason = null;
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
      toolCall();
    }
  }

  private void data(JsonKind kind) {
    if (kind == JsonKind.OBJECT) {
      content();
    }
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
    return told == null
        ? null
        : told.toolUse("google_search", mostQueries)
            .toolUse("grounded_prompt", Math.min(1, mostQueries))
            .build();
  }
}
