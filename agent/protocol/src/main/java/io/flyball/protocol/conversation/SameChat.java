package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonTree;
import java.util.Arrays;

/** A chat completion for a target that speaks chat completions. */
final class SameChat extends SameProtocol {
  SameChat(SourceCall call, JsonTree body, TargetModel target) {
    super(call, body, target);
  }

  @Override
  void adapt() throws UntranslatableException {
    if (!target.sameEndpoint()) {
      refuse("web_search_options");
      refuseTrue("store");
      refuseHostedTools(Arrays.asList("function", "custom"));
      for (JsonTree message : list(body, "messages")) {
        if (text(given(message, "audio"), "id") != null) {
          throw new UntranslatableException("audio kept by the provider");
        }
        for (JsonTree part : list(message, "content")) {
          refuseFileId(given(part, "file"));
        }
      }
    }
    if (otherModel) {
      adaptToModel("temperature", "top_p", "frequency_penalty", "presence_penalty");
      JsonTree old = given(body, "max_tokens");
      if (traits.reasons && old != null && given(body, "max_completion_tokens") == null) {
        removedFields.addAll(named(body, "max_completion_tokens"));
        edits.rename(old, "max_completion_tokens");
      }
      if (traits.reasons && given(body, "stop") != null) {
        throw new UntranslatableException("stop sequences");
      }
      if (traits.rejectsEffort) {
        dropFields("reasoning_effort");
      }
    }
    clamp(body, "max_tokens");
    clamp(body, "max_completion_tokens");
  }
}
