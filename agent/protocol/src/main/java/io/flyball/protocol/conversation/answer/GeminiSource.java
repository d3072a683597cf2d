package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;
import io.flyball.protocol.json.JsonTree;

/** Answers of Gemini's generateContent; the events of a stream look like whole answers. */
final class GeminiSource extends AnswerSource {

  GeminiSource(AnswerSink sink, String targetModel) {
    super(sink, targetModel);
  }

  @Override
  void document(JsonTree document) throws UnusableAnswerException {
    event(null, document);
    if (!hasReason() && !hasCandidate(document)) {
      throw UnusableAnswerException.malformed("no candidates");
    }
    end();
  }

  @Override
  void event(String name, JsonTree data) throws UnusableAnswerException {
    failIfError(data);
    model(text(data, "modelVersion"));
    usage(object(data, "usageMetadata"));
    JsonTree candidates = data.get("candidates");
    if (candidates != null && candidates.isArray()) {
      for (JsonTree candidate : candidates.children()) {
        if (candidate.isObject() && count(candidate, "index") == 0) {
          candidate(candidate);
        }
      }
    }
    JsonTree feedback = object(data, "promptFeedback");
    if (feedback != null && text(feedback, "blockReason") != null) {
      reason(StopReason.CONTENT_FILTER);
    }
  }

  private static boolean hasCandidate(JsonTree data) {
    JsonTree candidates = data.get("candidates");
    return candidates != null && candidates.isArray() && !candidates.children().isEmpty();
  }

  @Override
  boolean mayEnd() {
    return hasReason();
  }

  private void usage(JsonTree usage) {
    if (usage == null || usage.children().isEmpty()) {
      return;
    }
    long thoughts = count(usage, "thoughtsTokenCount");
    usage(
        Usage.builder(Usage.Source.REPORTED)
            .input(count(usage, "promptTokenCount") + count(usage, "toolUsePromptTokenCount"))
            .cacheRead(count(usage, "cachedContentTokenCount"))
            .output(count(usage, "candidatesTokenCount") + thoughts)
            .reasoning(thoughts)
            .build());
  }

  private void candidate(JsonTree candidate) throws UnusableAnswerException {
    JsonTree content = object(candidate, "content");
    JsonTree parts = content == null ? null : content.get("parts");
    if (parts != null && parts.isArray()) {
      for (JsonTree part : parts.children()) {
        part(part);
      }
    }
    finish(text(candidate, "finishReason"));
  }

  private void part(JsonTree part) throws UnusableAnswerException {
    JsonTree thought = part.get("thought");
    if (thought != null && thought.isTrue()) {
      return;
    }
    JsonTree call = object(part, "functionCall");
    if (call != null) {
      JsonTree more = call.get("willContinue");
      if (more != null && more.isTrue()) {
        throw UnusableAnswerException.malformed("tool arguments in parts");
      }
      call(text(call, "id"), text(call, "name"));
      JsonTree args = object(call, "args");
      arguments(args == null ? "{}" : args.json());
      return;
    }
    String text = text(part, "text");
    if (text == null && !part.children().isEmpty() && part.get("thoughtSignature") == null) {
      throw UnusableAnswerException.malformed("a part that is neither text nor a function call");
    }
    content(text);
  }

  private void finish(String reason) throws UnusableAnswerException {
    if (reason == null || "FINISH_REASON_UNSPECIFIED".equals(reason)) {
      return;
    }
    switch (reason) {
      case "STOP":
        reason(StopReason.STOP);
        break;
      case "MAX_TOKENS":
        reason(StopReason.LENGTH);
        break;
      case "SAFETY":
      case "RECITATION":
      case "LANGUAGE":
      case "BLOCKLIST":
      case "PROHIBITED_CONTENT":
      case "SPII":
        reason(StopReason.CONTENT_FILTER);
        break;
      default:
        throw UnusableAnswerException.malformed("the model's output is unusable");
    }
  }
}
