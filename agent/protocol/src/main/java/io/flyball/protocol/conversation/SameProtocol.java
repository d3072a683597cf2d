package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonEdits;
import io.flyball.protocol.json.JsonSplice;
import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A call for a target that speaks the application's own protocol: the model is another, and every
 * byte stays that the target has nothing against. What only the first endpoint knows is refused or,
 * where it may be, left out.
 */
final class SameProtocol {
  private static final String DEPLOYMENTS = "/openai/deployments/";

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

  private static final List<String> RESPONSE_ITEMS =
      Arrays.asList(
          "message",
          "function_call",
          "function_call_output",
          "custom_tool_call",
          "custom_tool_call_output",
          "reasoning");

  private final SourceCall call;
  private final JsonTree body;
  private final TargetModel target;

  /** The one that will answer. */
  private final String model;

  private final boolean otherModel;
  private final ModelTraits traits;
  private final JsonEdits edits;
  private final Losses losses = new Losses();
  private final List<JsonTree> removedFields = new ArrayList<>();

  private SameProtocol(SourceCall call, JsonTree body, TargetModel target) {
    this.call = call;
    this.body = body;
    this.target = target;
    this.model = target.model() == null ? call.model : target.model();
    this.otherModel = target.model() != null && !target.model().equals(call.model);
    this.traits = ModelTraits.of(target, model);
    this.edits = new JsonEdits(body);
  }

  static TranslatedRequest splice(SourceCall call, JsonTree tree, byte[] body, TargetModel target)
      throws UntranslatableException {
    return new SameProtocol(call, tree, target).splice(body);
  }

  private TranslatedRequest splice(byte[] original) throws UntranslatableException {
    if (model == null) {
      throw new UntranslatableException("no model for the target");
    }
    switch (call.api) {
      case CHAT:
        chat();
        break;
      case RESPONSES:
        responses();
        break;
      case MESSAGES:
        messages();
        break;
      case GENERATE:
        generate();
        break;
      case OTHER:
        if (otherModel) {
          throw new UntranslatableException(call.operation() + " of another model");
        }
        break;
    }
    edits.remove(body, removedFields);
    byte[] edited = edits.isEmpty() ? original : edits.apply();
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    if (call.api == SourceCall.Api.MESSAGES && target.anthropicVersion() != null) {
      headers.add(RequestTranslation.header("anthropic-version", target.anthropicVersion()));
    }
    return new TranslatedRequest(withModel(edited), path(), headers, true, call.stream, losses);
  }

  private byte[] withModel(byte[] edited) throws UntranslatableException {
    boolean elsewhere = target.protocol().equals(TargetModel.GEMINI) || isAzureDeployment();
    JsonTree named = body.get("model");
    if (elsewhere || (named != null && model.equals(named.text()))) {
      return edited;
    }
    byte[] spliced = JsonSplice.set(edited, JsonSplice.quoted(model), "model");
    if (spliced == null) {
      throw Fields.malformed("request");
    }
    return spliced;
  }

  private boolean isAzureDeployment() {
    return target.protocol().equals(TargetModel.AZURE) && call.api != SourceCall.Api.RESPONSES;
  }

  private String path() {
    switch (target.protocol()) {
      case TargetModel.ANTHROPIC:
        boolean counting = call.path.endsWith("/count_tokens");
        return "/v1/messages" + (counting ? "/count_tokens" : "") + Paths.only(call.query, "beta");
      case TargetModel.GEMINI:
        return Paths.gemini(model, call.method()) + Paths.only(call.query, "alt", "$alt");
      case TargetModel.AZURE:
        if (call.api == SourceCall.Api.RESPONSES) {
          return "/openai/v1/responses";
        }
        boolean fromAzure = call.path.contains(DEPLOYMENTS);
        return Paths.azure(model, openAiPath(), target.apiVersion(), fromAzure ? call.query : null);
      default:
        return openAiPath();
    }
  }

  private String openAiPath() {
    switch (call.api) {
      case CHAT:
        return "/chat/completions";
      case RESPONSES:
        return "/responses";
      default:
        return '/' + call.method();
    }
  }

  private void refuse(String... fields) throws UntranslatableException {
    for (String field : fields) {
      if (given(body, field) != null) {
        throw new UntranslatableException(field);
      }
    }
  }

  private void refuseTrue(String... fields) throws UntranslatableException {
    for (String field : fields) {
      JsonTree value = given(body, field);
      if (value != null && value.isTrue()) {
        throw new UntranslatableException(field);
      }
    }
  }

  /** The field, or null when there is none or it is null. */
  private static JsonTree given(JsonTree object, String field) {
    JsonTree value = object == null ? null : object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  private static String text(JsonTree object, String field) {
    JsonTree value = given(object, field);
    return value == null ? null : value.text();
  }

  private static List<JsonTree> list(JsonTree object, String field) {
    JsonTree value = given(object, field);
    return value == null || !value.isArray() ? Collections.<JsonTree>emptyList() : value.children();
  }

  private void chat() throws UntranslatableException {
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

  private static void refuseFileId(JsonTree file) throws UntranslatableException {
    if (given(file, "file_id") != null) {
      throw new UntranslatableException("file_id");
    }
  }

  private void refuseHostedTools(List<String> own) throws UntranslatableException {
    for (JsonTree tool : list(body, "tools")) {
      String type = text(tool, "type");
      if (type != null && !own.contains(type)) {
        throw new UntranslatableException("hosted tool " + Fields.harmless(type));
      }
    }
  }

  private void responses() throws UntranslatableException {
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

  /** Leaves out what the model would answer with an error. */
  private void adaptToModel(String... sampling) {
    if (traits.rejectsSampling) {
      dropFields(sampling);
    }
  }

  private void dropFields(String... names) {
    for (String name : names) {
      if (given(body, name) != null) {
        losses.add(name);
        removedFields.addAll(named(body, name));
      }
    }
  }

  /** The values of fields of those names, all of them where a name stands twice. */
  private static List<JsonTree> named(JsonTree object, String... names) {
    List<JsonTree> found = new ArrayList<>();
    for (JsonTree field : object.children()) {
      if (Arrays.asList(names).contains(field.name())) {
        found.add(field);
      }
    }
    return found;
  }

  /** The cap of a model that the application chose is its own affair, unless it was declared. */
  private boolean isCapped() {
    return traits.cap != null && (otherModel || target.maxOutputTokens() != null);
  }

  private void clamp(JsonTree object, String field) {
    JsonTree value = given(object, field);
    Long asked = value == null ? null : value.integer();
    if (asked != null && isCapped()) {
      Long limit = traits.limit(asked, losses);
      if (!limit.equals(asked)) {
        edits.replace(value, limit.toString());
      }
    }
  }

  private void messages() throws UntranslatableException {
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

  private void generate() throws UntranslatableException {
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
