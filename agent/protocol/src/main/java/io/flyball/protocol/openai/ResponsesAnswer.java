package io.flyball.protocol.openai;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * An answer of the responses API. A stream's events carry their type in the data, too; its last
 * event repeats the whole response and alone has the usage. Status 200 does not mean success: the
 * response has a status and an error of its own.
 */
final class ResponsesAnswer extends Answer {
  private static final JsonShape<ResponsesAnswer> BODY = body();
  private static final JsonShape<ResponsesAnswer> EVENT = event();

  /** Told apart in one answer. */
  private static final int MOST_CONTAINERS = 1024;

  private final OpenAiUsage usage = new OpenAiUsage();
  private String eventType;
  private String status;
  private String incompleteReason;
  private boolean terminal;

  /** Of the output item at hand. */
  private String item;

  private String action;

  private int items;

  /** Where the text of the event at hand belongs. */
  private long outputIndex;

  private long partIndex;
  private String itemId;

  private long webSearches;
  private long fileSearches;

  /** Those in which code ran, by their ids; null as long as none is named. */
  private Set<String> containers;

  private String container;
  private boolean ranCode;
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
        .kind("usage", (answer, kind) -> answer.usage.begins(kind))
        .inside("usage", OpenAiUsage.shape(answer -> answer.usage))
        .value("currency", (answer, v) -> answer.usage.cost().currencyOfAnswer(v));
  }

  private static JsonShape<ResponsesAnswer> body() {
    JsonShape<ResponsesAnswer> part =
        JsonShape.<ResponsesAnswer>builder()
            .value("text", (answer, v) -> answer.output("text", v))
            .value("refusal", (answer, v) -> answer.output("refusal", v))
            .build();
    JsonShape<ResponsesAnswer> item =
        item()
            .end(ResponsesAnswer::endWholeItem)
            .value("type", ResponsesAnswer::itemType)
            .value("arguments", (answer, v) -> answer.output("arguments", v))
            .value("input", (answer, v) -> answer.output("input", v))
            .inside("content", part)
            .inside("summary", part)
            .build();
    return response(withErrors(JsonShape.<ResponsesAnswer>builder()))
        .kind("output", (answer, kind) -> answer.inKnownForm())
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
        .value("container_id", (answer, v) -> answer.container = v.text())
        .end(ResponsesAnswer::endItem);
  }

  private void beginItem() {
    item = null;
    action = null;
    container = null;
  }

  private void endWholeItem() {
    endItem();
    outputOf(items++);
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
        ranCode = true;
        containers = containers == null ? new HashSet<>() : containers;
        if (container != null && containers.size() < MOST_CONTAINERS) {
          containers.add(container);
        }
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
        .value("output_index", (answer, v) -> answer.outputIndex = number(v))
        .value("content_index", (answer, v) -> answer.partIndex = number(v))
        .value("summary_index", (answer, v) -> answer.partIndex = number(v))
        .value("item_id", (answer, v) -> answer.itemId = v.text(answer.itemId))
        .value("delta", ResponsesAnswer::delta)
        .build();
  }

  private static long number(JsonValue value) {
    Long number = value.integer();
    return number == null ? 0 : number;
  }

  @Override
  protected void beginEvent(String name) {
    super.beginEvent(name);
    streamed = true;
    eventType = name;
    outputIndex = 0;
    partIndex = 0;
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
      output("delta", value);
    }
  }

  /** What kind of text it is, and of which item, may stand behind it. */
  private void endDelta() {
    if (outputWaiting() > 0) {
      outputOfItem(0, Objects.hash(eventType, itemId) + (partIndex << 32));
      outputOf(outputIndex);
    }
  }

  @Override
  protected void endObject() {
    endDelta();
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
    return told == null ? null : tools(told).build();
  }

  @Override
  protected Usage besidesTokens() {
    return orNothing(tools(usage.besides()));
  }

  private Usage.Builder tools(Usage.Builder told) {
    if (usage.tellsTools()) {
      // What an answer names are attempts, of which not all are charged for.
      return told.incomplete(images > 0);
    }
    return told.toolUse("web_search", webSearches)
        .toolUse("file_search", fileSearches)
        .toolUse("code_interpreter", ranCode ? Math.max(1, containers.size()) : 0)
        .incomplete(images > 0);
  }
}
