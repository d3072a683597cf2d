package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonSplice;
import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.List;

/** A call of Gemini for a target that speaks its protocol. */
final class SameGenerate extends SameProtocol {
  SameGenerate(SourceCall call, JsonTree body, TargetModel target) {
    super(call, body, target);
  }

  @Override
  void adapt() throws UntranslatableException {
    if (!target.sameEndpoint()) {
      refuse("cachedContent", "cached_content");
      for (JsonTree tool : list(body, "tools")) {
        for (JsonTree kind : tool.children()) {
          boolean own =
              "functionDeclarations".equals(kind.name())
                  || "function_declarations".equals(kind.name());
          if (!own && !kind.isNull()) {
            throw new UntranslatableException("hosted tool " + Fields.harmless(kind.name()));
          }
        }
      }
    }
    boolean forget = !target.sameEndpoint() || otherModel;
    for (JsonTree content : list(body, "contents")) {
      boolean model = "model".equals(text(content, "role"));
      contents(content, model, forget);
    }
    if (otherModel && isLastFromModel() && !traits.takesPrefill) {
      throw new UntranslatableException("assistant prefill");
    }
    JsonTree config = given(body, "generationConfig");
    config = config == null ? given(body, "generation_config") : config;
    clamp(config, "maxOutputTokens");
    clamp(config, "max_output_tokens");
  }

  private boolean isLastFromModel() {
    List<JsonTree> contents = list(body, "contents");
    return !contents.isEmpty() && "model".equals(text(contents.get(contents.size() - 1), "role"));
  }

  private void contents(JsonTree content, boolean fromModel, boolean forget)
      throws UntranslatableException {
    List<JsonTree> parts = list(content, "parts");
    List<JsonTree> thoughts = new ArrayList<>();
    boolean wantsSignature = fromModel && GeminiWriter.wantsSignatures(modelName());
    for (JsonTree part : parts) {
      checkFile(part);
      JsonTree thought = given(part, "thought");
      if (forget && thought != null && thought.isTrue()) {
        thoughts.add(part);
        losses.add("thinking");
      } else if (forget) {
        boolean call = given(part, "functionCall") != null || given(part, "function_call") != null;
        signature(part, wantsSignature && call);
        wantsSignature &= !call;
      }
    }
    if (thoughts.size() == parts.size() && !parts.isEmpty()) {
      throw new UntranslatableException("content of nothing but thoughts");
    }
    if (!thoughts.isEmpty()) {
      edits.remove(given(content, "parts"), thoughts);
    }
  }

  private String modelName() {
    return GeminiWriter.modelName(model);
  }

  private void checkFile(JsonTree part) throws UntranslatableException {
    JsonTree file = given(part, "fileData");
    file = file == null ? given(part, "file_data") : file;
    String uri = file == null ? null : text(file, "fileUri");
    uri = uri == null ? text(file, "file_uri") : uri;
    if (!target.sameEndpoint() && uri != null && uri.contains("googleapis.com/")) {
      throw new UntranslatableException("file of the provider's");
    }
  }

  /** Takes a foreign signature away, or puts the word in its place that Gemini 3 takes for one. */
  private void signature(JsonTree part, boolean needed) {
    JsonTree signature = given(part, "thoughtSignature");
    signature = signature == null ? given(part, "thought_signature") : signature;
    String sentinel = JsonSplice.quoted(GeminiWriter.FOREIGN_SIGNATURE);
    if (signature != null) {
      losses.add("thoughtSignature");
    }
    if (needed && signature != null) {
      edits.replace(signature, sentinel);
    } else if (needed) {
      edits.insert(part, "thoughtSignature", sentinel);
    } else if (signature != null) {
      edits.remove(part, named(part, "thoughtSignature", "thought_signature"));
    }
  }
}
