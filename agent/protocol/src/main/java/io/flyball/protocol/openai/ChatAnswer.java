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

  /** Of the document at hand. */
  private int choicesBefore;

  private String finishReason;

  /** What the choice at hand says that it used; null when it says nothing. */
  private OpenAiUsage usageOfChoice;

  private boolean drawnOrSpoken;
  private Long toolIndex;

  /** The first piece of text of the tool call at hand. */
  private int toolText;

  private boolean toolNamed;
  private long unnumberedCalls;

  private ChatAnswer(int status) {
    super(status);
  }

  static ResponseReader reader(int status) {
    return new AnswerReader<>(new ChatAnswer(status), BODY, EVENT);
  }

  private static JsonShape<ChatAnswer> document(String message) {
    JsonShape<ChatAnswer> usage = OpenAiUsage.shape(answer -> answer.usage);
    JsonShape<ChatAnswer> groq =
        JsonShape.<ChatAnswer>builder()
            .kind("usage", (answer, kind) -> answer.usage.begins(kind))
            .inside("usage", usage)
            .build();
    return withErrors(JsonShape.<ChatAnswer>builder())
        .value("id", ChatAnswer::id)
        .value("model", ChatAnswer::model)
        .value("service_tier", ChatAnswer::serviceTier)
        .value("system_fingerprint", ChatAnswer::systemFingerprint)
        .kind("usage", ChatAnswer::beginUsage)
        .inside("usage", usage)
        .inside("x_groq", groq)
        .inside("provider_metadata", StatedCost.gateway(answer -> answer.usage.cost()))
        .value("currency", (answer, v) -> answer.usage.cost().currencyOfAnswer(v))
        .kind("choices", ChatAnswer::beginChoices)
        .inside("choices", choice(message))
        .build();
  }

  /** Moonshot reports the usage of a stream in its last choice, others in each. */
  private static JsonShape<ChatAnswer> choice(String message) {
    JsonShape<ChatAnswer> usage = OpenAiUsage.shape(answer -> answer.usageOfChoice);
    return JsonShape.<ChatAnswer>builder()
        .begin(ChatAnswer::beginChoice)
        .value("index", ChatAnswer::choiceIndex)
        .value("finish_reason", (answer, v) -> answer.finishReason = v.text(answer.finishReason))
        .value("text", (answer, v) -> answer.output("text", v))
        .inside(message, message())
        .kind("usage", ChatAnswer::beginUsageOfChoice)
        .inside("usage", usage)
        .end(ChatAnswer::endChoice)
        .build();
  }

  private static JsonShape<ChatAnswer> message() {
    JsonShape<ChatAnswer> call =
        JsonShape.<ChatAnswer>builder()
            .value("name", (answer, v) -> answer.toolNamed |= v.characters() > 0)
            .value("arguments", (answer, v) -> answer.output("arguments", v))
            .value("input", (answer, v) -> answer.output("input", v))
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
            .value("arguments", (answer, v) -> answer.output("arguments", v))
            .end(ChatAnswer::endToolCall)
            .build();
    JsonShape<ChatAnswer> thinking =
        JsonShape.<ChatAnswer>builder()
            .value("text", (answer, v) -> answer.output("thinking", v))
            .build();
    JsonShape<ChatAnswer> part =
        JsonShape.<ChatAnswer>builder()
            .value("text", (answer, v) -> answer.output("content", v))
            .inside("thinking", thinking)
            .kind("image_url", ChatAnswer::media)
            .kind("inline_data", ChatAnswer::media)
            .kind("audio", ChatAnswer::media)
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
        .value("content", (answer, v) -> answer.output("content", v))
        .inside("content", part)
        .value("reasoning_content", (answer, v) -> answer.output("reasoning_content", v))
        .value("reasoning", (answer, v) -> answer.output("reasoning", v))
        .inside("reasoning_details", elsewhere)
        .inside("thinking_blocks", elsewhere)
        .value("refusal", (answer, v) -> answer.output("refusal", v))
        .inside("tool_calls", toolCall)
        .inside("function_call", functionCall)
        .kind("audio", ChatAnswer::media)
        .element("images", answer -> answer.media(JsonKind.OBJECT))
        .inside("provider_metadata", StatedCost.gateway(answer -> answer.usage.cost()))
        .build();
  }

  private void beginUsage(JsonKind kind) {
    usageSeen |= kind == JsonKind.OBJECT || kind == JsonKind.ARRAY;
    usage.begins(kind);
  }

  private void beginUsageOfChoice(JsonKind kind) {
    if (kind == JsonKind.OBJECT || kind == JsonKind.ARRAY) {
      usageOfChoice = usageOfChoice == null ? new OpenAiUsage() : usageOfChoice;
      usageOfChoice.begins(kind);
    }
  }

  private void beginChoices(JsonKind kind) {
    inKnownForm();
    choicesBefore = 0;
  }

  /** Those that do not say which one they are, are in order. */
  private void beginChoice() {
    usageOfChoice = null;
    choiceSeen = true;
    choice = choicesBefore++;
    finishReason = null;
  }

  /** OpenRouter and others end a stream so whose upstream failed. */
  private void endChoice() {
    if (usageOfChoice != null) {
      usage.ofChoice(choice, usageOfChoice);
    }
    outputOf(choice);
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
    toolText = outputWaiting();
  }

  /** A stream cuts a call into fragments of one index; without indexes a name begins a call. */
  private void endToolCall() {
    if (toolIndex == null) {
      if (toolNamed) {
        toolCall();
        unnumberedCalls++;
      }
      outputOfItem(toolText, -unnumberedCalls);
      return;
    }
    outputOfItem(toolText, toolIndex);
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

  private void media(JsonKind kind) {
    if (kind == JsonKind.OBJECT || kind == JsonKind.STRING) {
      drawnOrSpoken = true;
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
    Usage.Builder told = usage.builder();
    return told == null ? null : told.outputKindsUntold(drawnOrSpoken).build();
  }

  /** What was drawn or spoken is not priced as text. */
  @Override
  protected Usage besidesTokens() {
    return orNothing(usage.besides().incomplete(drawnOrSpoken));
  }
}
