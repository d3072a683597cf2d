package io.flyball.protocol.openai;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;

/**
 * An answer of the responses API. A stream's events carry their type in the data, too; its last
 * event repeats the whole response and alone has the usage. Status 200 does not mean success: the
 * response has a status and an error of its own.
 */
final class ResponsesAnswer extends Answer {
  private static final JsonShape<ResponsesAnswer> BODY = body();
  private static final JsonShape<ResponsesAnswer> EVENT = event();

  private final OpenAiUsage usage = new OpenAiUsage();
  private String eventType;
  private String status;
  private String incompleteReason;
  private boolean terminal;

  /** Of the output item at hand. */
  private String item;

  private String action;

  private long webSearches;
  private long fileSearches;
  private long codeRuns;
  private long images;
  private boolean background;
  private boolean streamed;

  private ResponsesAnswer(int httpStatus) {
    super(httpStatus);
  }

  static ResponseReader reader(int httpStatus) {
    return new AnswerReader<>(new ResponsesAnswer(httpStatus), BODY, EVENT);
  }

  private static JsonShape.Builder<ResponsesAnswer> response(
      JsonShape.Builder<ResponsesAnswer> shape) {
    JsonShape<ResponsesAnswer> incomplete =
        JsonShape.<ResponsesAnswer>builder()
            .value("reason", (answer, v) -> answer.incompleteReason = v.text())
            .build();
    return shape
        .value("id", ResponsesAnswer::id)
        .value("model", ResponsesAnswer::model)
        .value("service_tier", ResponsesAnswer::serviceTier)
        .value("status", (answer, v) -> answer.status = v.text())
        .value("background", (answer, v) -> answer.background = v.isTrue())
        .inside("incomplete_details", incomplete)
        .inside("usage", OpenAiUsage.shape(answer -> answer.usage));
  }

  private static JsonShape<ResponsesAnswer> body() {
    JsonShape<ResponsesAnswer> part =
        JsonShape.<ResponsesAnswer>builder()
            .value("text", ResponsesAnswer::output)
            .value("refusal", ResponsesAnswer::output)
            .build();
    JsonShape<ResponsesAnswer> item =
        item()
            .value("type", ResponsesAnswer::itemType)
            .value("arguments", ResponsesAnswer::output)
            .value("input", ResponsesAnswer::output)
            .inside("content", part)
            .inside("summary", part)
            .build();
    return response(withErrors(JsonShape.<ResponsesAnswer>builder()))
        .inside("output", item)
        .build();
  }

  /** What of an output item tells whether it is charged for. */
  private static JsonShape.Builder<ResponsesAnswer> item() {
    JsonShape<ResponsesAnswer> action =
        JsonShape.<ResponsesAnswer>builder()
            .value("type", (answer, v) -> answer.action = v.text())
            .build();
    return JsonShape.<ResponsesAnswer>builder()
        .begin(ResponsesAnswer::beginItem)
        .inside("action", action)
        .end(ResponsesAnswer::endItem);
  }

  private void beginItem() {
    item = null;
    action = null;
  }

  /** A stream says it of each item twice, when it begins and when it is done. */
  private void endItem() {
    if (item == null || "response.output_item.added".equals(eventType)) {
      return;
    }
    switch (item) {
      case "web_search_call":
        // To open a page, or to look for something in it, is no search.
        webSearches += action == null || action.equals("search") ? 1 : 0;
        break;
      case "file_search_call":
        fileSearches++;
        break;
      case "code_interpreter_call":
        codeRuns = 1;
        break;
      case "image_generation_call":
        images++;
        break;
      default:
        break;
    }
  }

  private static JsonShape<ResponsesAnswer> event() {
    JsonShape<ResponsesAnswer> item =
        item().value("type", ResponsesAnswer::streamedItemType).build();
    JsonShape<ResponsesAnswer> response =
        response(JsonShape.<ResponsesAnswer>builder()).inside("error", errorObject()).build();
    return withErrors(JsonShape.<ResponsesAnswer>builder())
        .inside("response", response)
        .inside("item", item)
        .value("delta", ResponsesAnswer::delta)
        .build();
  }

  @Override
  protected void beginEvent(String name) {
    streamed = true;
    eventType = name;
  }

  @Override
  protected void eventType(String type) {
    eventType = type;
  }

  private void itemType(JsonValue value) {
    String type = value.text();
    item = type;
    if (type != null && type.endsWith("_call")) {
      toolCall();
    }
  }

  private void streamedItemType(JsonValue value) {
    if ("response.output_item.added".equals(eventType)) {
      itemType(value);
    } else {
      item = value.text();
    }
  }

  /** Every delta is text of some kind, but for the samples of spoken answers. */
  private void delta(JsonValue value) {
    if ("response.audio.delta".equals(eventType)) {
      content();
    } else {
      output(value);
    }
  }

  @Override
  protected void endObject() {
    if ("response.completed".equals(eventType)
        || "response.incomplete".equals(eventType)
        || "response.failed".equals(eventType)
        || "response.cancelled".equals(eventType)) {
      terminal = true;
    }
    if ("failed".equals(status)) {
      failed("failed");
    }
    if (incompleteReason != null) {
      finished(0, incompleteReason);
    } else if (status != null && !"in_progress".equals(status) && !"queued".equals(status)) {
      finished(0, status);
    }
  }

  @Override
  protected boolean streamComplete(boolean ended) {
    return terminal;
  }

  /** Asked for in the background: what comes of it is fetched with a request of its own. */
  @Override
  protected boolean goesOn() {
    return (background || !streamed) && ("queued".equals(status) || "in_progress".equals(status));
  }

  @Override
  protected Usage usage() {
    Usage.Builder told = usage.builder();
    return told == null
        ? null
        : told.toolUse("web_search", webSearches)
            .toolUse("file_search", fileSearches)
            .toolUse("code_interpreter", codeRuns)
            .incomplete(images > 0)
            .build();
  }
}
