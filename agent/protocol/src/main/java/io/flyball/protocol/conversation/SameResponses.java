package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A call of OpenAI's responses for a target that speaks those. */
final class SameResponses extends SameProtocol {
  private static final List<String> RESPONSE_ITEMS =
      Arrays.asList(
          "message",
          "function_call",
          "function_call_output",
          "custom_tool_call",
          "custom_tool_call_output",
          "reasoning");

  SameResponses(SourceCall call, JsonTree body, TargetModel target) {
    super(call, body, target);
  }

  @Override
  void adapt() throws UntranslatableException {
    if (!target.sameEndpoint()) {
      refuse("previous_response_id", "conversation", "prompt");
      refuseTrue("background", "store");
      refuseHostedTools(Arrays.asList("function", "custom"));
      List<JsonTree> foreign = new ArrayList<>();
      for (JsonTree item : list(body, "input")) {
        String type = text(item, "type");
        if (type != null && !RESPONSE_ITEMS.contains(type)) {
          throw new UntranslatableException("input item " + Fields.harmless(type));
        }
        if ("reasoning".equals(type)) {
          foreign.add(item);
        }
        refuseFilesIn(list(item, "content"));
        refuseFilesIn(list(item, "output"));
      }
      if (!foreign.isEmpty()) {
        losses.add("reasoning");
        edits.remove(given(body, "input"), foreign);
      }
    }
    if (otherModel) {
      adaptToModel("temperature", "top_p");
      if (traits.rejectsEffort) {
        dropFields("reasoning");
      }
    }
    clamp(body, "max_output_tokens");
  }

  private static void refuseFilesIn(List<JsonTree> parts) throws UntranslatableException {
    for (JsonTree part : parts) {
      refuseFileId(part);
    }
  }
}
