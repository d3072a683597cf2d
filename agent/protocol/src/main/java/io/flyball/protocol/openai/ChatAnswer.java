package io.flyball.protocol.openai;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.answer.StatedCost;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.HashSet;
import java.util.Set;

/**
 * An answer of chat completions or legacy completions, plain or streamed. The two differ in where
 * the text is: {@code message} and {@code delta} here, {@code text} there.
 */
final class ChatAnswer extends Answer {
  private static final JsonShape<ChatAnswer> BODY = document("message");
  private static final JsonShape<ChatAnswer> EVENT = document("delta");

  /** Tool calls told apart in one stream; more are counted no further. */
  private static final int MOST_TOOL_CALLS = 4096;

  private final OpenAiUsage usage = new OpenAiUsage();

  /** Null as long as there are none. */
  private Set<Long> streamedToolCalls;

  private boolean done;
  private boolean usageSeen;
  private boolean choiceSeen;

  private int choice;
  private String finishReason;
  private Long toolIndex;
  private boolean toolNamed;

  private ChatAnswer(int status) {
    super(status);
  }

  static ResponseReader reader(int status) {
    return new AnswerReader<>(new ChatAnswer(status), BODY, EVENT);
  }

  private static JsonShape<ChatAnswer> document(String message) {
    JsonShape<ChatAnswer> usage = OpenAiUsage.shape(answer -> answer.usage);
    JsonShape<ChatAnswer> groq = JsonShape.<ChatAnswer>builder().inside("usage", usage).build();
    return withErrors(JsonShape.<ChatAnswer>builder())
        .value("id", ChatAnswer::id)
        .value("model", ChatAnswer::model)
        .value("service_tier", ChatAnswer::serviceTier)
        .value("system_fingerprint", ChatAnswer::systemFingerprint)
        .kind("usage", (answer, kind) -> answer.usageSeen |= kind == JsonKind.OBJECT)
        .inside("usage", usage)
        .inside("x_groq", groq)
        .inside("provider_metadata", StatedCost.gateway(answer -> answer.usage.cost()))
        .inside("choices", choice(message, usage))
        .build();
  }

  /** Moonshot reports the usage of a stream in its last choice. */
  private static JsonShape<ChatAnswer> choice(String message, JsonShape<ChatAnswer> usage) {
    return JsonShape.<ChatAnswer>builder()
        .begin(ChatAnswer::beginChoice)
        .value("index", ChatAnswer::choiceIndex)
        .value("finish_reason", (answer, v) -> answer.finishReason = v.text(answer.finishReason))
        .value("text", ChatAnswer::output)
        .inside(message, message())
        .inside("usage", usage)
        .end(ChatAnswer::endChoice)
        .build();
  }

  private static JsonShape<ChatAnswer> message() {
    JsonShape<ChatAnswer> call =
        JsonShape.<ChatAnswer>builder()
            .value("name", (answer, v) -> answer.toolNamed |= v.characters() > 0)
            .value("arguments", ChatAnswer::output)
            .value("input", ChatAnswer::output)
            .build();
    JsonShape<ChatAnswer> toolCall =
        JsonShape.<ChatAnswer>builder()
            .begin(ChatAnswer::beginToolCall)
            .value("index", (answer, v) -> answer.toolIndex = v.integer())
            .value("id", (answer, v) -> answer.toolNamed |= v.characters() > 0)
            .inside("function", call)
            .inside("custom", call)
            .end(ChatAnswer::endToolCall)
            .build();
    JsonShape<ChatAnswer> functionCall =
        JsonShape.<ChatAnswer>builder()
            .begin(ChatAnswer::beginToolCall)
            .value("name", (answer, v) -> answer.toolNamed |= v.characters() > 0)
            .value("arguments", ChatAnswer::output)
            .end(ChatAnswer::endToolCall)
            .build();
    JsonShape<ChatAnswer> thinking =
        JsonShape.<ChatAnswer>builder().value("text", ChatAnswer::output).build();
    JsonShape<ChatAnswer> part =
        JsonShape.<ChatAnswer>builder()
            .value("text", ChatAnswer::output)
            .inside("thinking", thinking)
            .build();
    // Gateways say the same under "reasoning" or "reasoning_content" as well, but not always.
    JsonShape<ChatAnswer> elsewhere =
        JsonShape.<ChatAnswer>builder()
            .value("text", ChatAnswer::toldElsewhere)
            .value("summary", ChatAnswer::toldElsewhere)
            .value("thinking", ChatAnswer::toldElsewhere)
            .value("data", ChatAnswer::toldElsewhere)
            .build();
    return JsonShape.<ChatAnswer>builder()
        .value("content", ChatAnswer::output)
        .inside("content", part)
        .value("reasoning_content", ChatAnswer::output)
        .value("reasoning", ChatAnswer::output)
        .inside("reasoning_details", elsewhere)
        .inside("thinking_blocks", elsewhere)
        .value("refusal", ChatAnswer::output)
        .inside("tool_calls", toolCall)
        .inside("function_call", functionCall)
        .kind("audio", ChatAnswer::audio)
        .inside("provider_metadata", StatedCost.gateway(answer -> answer.usage.cost()))
        .build();
  }

  private void beginChoice() {
    choiceSeen = true;
    choice = 0;
    finishReason = null;
  }

  /** OpenRouter and others end a stream so whose upstream failed. */
  private void endChoice() {
    finished(choice, finishReason);
    if ("error".equals(finishReason)) {
      failed(null);
    }
  }

  private void choiceIndex(JsonValue value) {
    Long index = value.integer();
    choice = index == null || index != index.intValue() ? -1 : index.intValue();
  }

  private void beginToolCall() {
    toolIndex = null;
    toolNamed = false;
  }

  /** A stream cuts a call into fragments of one index; without indexes a name begins a call. */
  private void endToolCall() {
    if (toolIndex == null) {
      if (toolNamed) {
        toolCall();
      }
      return;
    }
    if (streamedToolCalls == null) {
      streamedToolCalls = new HashSet<>();
    }
    boolean room = streamedToolCalls.size() < MOST_TOOL_CALLS;
    if (room && streamedToolCalls.add(((long) choice << 32) ^ toolIndex)) {
      toolCall();
    }
  }

  /** Content, the characters of which are not counted a second time. */
  private void toldElsewhere(JsonValue value) {
    if (value.characters() > 0) {
      content();
    }
  }

  private void audio(JsonKind kind) {
    if (kind == JsonKind.OBJECT) {
      content();
    }
  }

  @Override
  protected void done() {
    done = true;
  }

  /** Some compatible servers leave out the final {@code [DONE]}. */
  @Override
  protected boolean streamComplete(boolean ended) {
    return done || (ended && everyChoiceFinished());
  }

  @Override
  protected boolean hasChoices() {
    return choiceSeen;
  }

  @Override
  protected boolean mayHaveUsage() {
    return usageSeen;
  }

  @Override
  protected Usage usage() {
    return usage.usage();
  }
}
