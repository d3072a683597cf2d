package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A call of Anthropic's messages for a target that speaks those. */
final class SameMessages extends SameProtocol {
  private static final List<String> ANTHROPIC_BLOCKS =
      Arrays.asList(
          "text",
          "image",
          "document",
          "search_result",
          "tool_use",
          "tool_result",
          "thinking",
          "redacted_thinking");

  SameMessages(SourceCall call, JsonTree body, TargetModel target) {
    super(call, body, target);
  }

  @Override
  void adapt() throws UntranslatableException {
    if (!target.sameEndpoint()) {
      refuse("container", "mcp_servers");
      refuseHostedTools(Collections.singletonList("custom"));
    }
    List<JsonTree> messages = list(body, "messages");
    boolean forget = !target.sameEndpoint() || otherModel;
    boolean forgot = false;
    List<JsonTree> emptied = new ArrayList<>();
    for (JsonTree message : messages) {
      List<JsonTree> thoughts = new ArrayList<>();
      for (JsonTree block : list(message, "content")) {
        checkBlock(block);
        String type = text(block, "type");
        if ("thinking".equals(type) || "redacted_thinking".equals(type)) {
          thoughts.add(block);
        }
      }
      if (forget && !thoughts.isEmpty()) {
        forgot = true;
        losses.add("thinking");
        if (thoughts.size() == list(message, "content").size()) {
          emptied.add(message);
        } else {
          edits.remove(given(message, "content"), thoughts);
        }
      }
    }
    if (!emptied.isEmpty()) {
      edits.remove(given(body, "messages"), emptied);
    }
    thinking(forgot && isInToolLoop(messages));
    // Another version of the API takes less, too.
    if (otherModel || target.anthropicVersion() != null) {
      if (endsWithAssistant(messages) && !traits.takesPrefill) {
        throw new UntranslatableException("assistant prefill");
      }
      if (traits.rejectsSampling) {
        dropFields("temperature", "top_p", "top_k");
      } else if (traits.oneSamplingParameter && given(body, "temperature") != null) {
        dropFields("top_p");
      }
    }
    clamp(body, "max_tokens");
  }

  private void checkBlock(JsonTree block) throws UntranslatableException {
    if (target.sameEndpoint()) {
      return;
    }
    String type = text(block, "type");
    if (type != null && !ANTHROPIC_BLOCKS.contains(type)) {
      throw new UntranslatableException("content block " + Fields.harmless(type));
    }
    if ("file".equals(text(given(block, "source"), "type"))) {
      throw new UntranslatableException("file_id");
    }
    for (JsonTree inner : list(block, "content")) {
      checkBlock(inner);
    }
  }

  private static boolean endsWithAssistant(List<JsonTree> messages) {
    return !messages.isEmpty()
        && "assistant".equals(text(messages.get(messages.size() - 1), "role"));
  }

  /** Whether the model is to go on from results of tools, where it would miss its thoughts. */
  private static boolean isInToolLoop(List<JsonTree> messages) {
    if (messages.isEmpty()) {
      return false;
    }
    for (JsonTree block : list(messages.get(messages.size() - 1), "content")) {
      if ("tool_result".equals(text(block, "type"))) {
        return true;
      }
    }
    return false;
  }

  private void thinking(boolean impossible) throws UntranslatableException {
    JsonTree thinking = given(body, "thinking");
    String type = text(thinking, "type");
    if (type == null || type.equals("disabled")) {
      return;
    }
    JsonTree budget = given(thinking, "budget_tokens");
    if (impossible) {
      losses.add("thinking");
      edits.replace(thinking, "{\"type\":\"disabled\"}");
    } else if (otherModel && traits.rejectsThinkingBudget && budget != null) {
      losses.add("thinking budget");
      edits.replace(thinking, "{\"type\":\"adaptive\"}");
    } else if (budget != null && budget.integer() != null && isCapped()) {
      if (budget.integer() >= traits.cap) {
        throw new UntranslatableException("thinking budget above the target's cap");
      }
    }
  }
}
