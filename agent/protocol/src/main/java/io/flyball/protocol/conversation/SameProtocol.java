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
abstract class SameProtocol {
  private static final String DEPLOYMENTS = "/openai/deployments/";

  final SourceCall call;
  final JsonTree body;
  final TargetModel target;

  /** The one that will answer. */
  final String model;

  final boolean otherModel;
  final ModelTraits traits;
  final JsonEdits edits;
  final Losses losses = new Losses();
  final List<JsonTree> removedFields = new ArrayList<>();

  SameProtocol(SourceCall call, JsonTree body, TargetModel target) {
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
    return of(call, tree, target).splice(body);
  }

  private static SameProtocol of(SourceCall call, JsonTree tree, TargetModel target) {
    switch (call.api) {
      case CHAT:
        return new SameChat(call, tree, target);
      case RESPONSES:
        return new SameResponses(call, tree, target);
      case MESSAGES:
        return new SameMessages(call, tree, target);
      case GENERATE:
        return new SameGenerate(call, tree, target);
      default:
        return new SameOther(call, tree, target);
    }
  }

  /** Edits what the target would not take as it is, or refuses it. */
  abstract void adapt() throws UntranslatableException;

  private TranslatedRequest splice(byte[] original) throws UntranslatableException {
    if (model == null) {
      throw new UntranslatableException("no model for the target");
    }
    adapt();
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

  final void refuse(String... fields) throws UntranslatableException {
    for (String field : fields) {
      if (given(body, field) != null) {
        throw new UntranslatableException(field);
      }
    }
  }

  final void refuseTrue(String... fields) throws UntranslatableException {
    for (String field : fields) {
      JsonTree value = given(body, field);
      if (value != null && value.isTrue()) {
        throw new UntranslatableException(field);
      }
    }
  }

  /** The field, or null when there is none or it is null. */
  static JsonTree given(JsonTree object, String field) {
    JsonTree value = object == null ? null : object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  static String text(JsonTree object, String field) {
    JsonTree value = given(object, field);
    return value == null ? null : value.text();
  }

  static List<JsonTree> list(JsonTree object, String field) {
    JsonTree value = given(object, field);
    return value == null || !value.isArray() ? Collections.<JsonTree>emptyList() : value.children();
  }

  static void refuseFileId(JsonTree file) throws UntranslatableException {
    if (given(file, "file_id") != null) {
      throw new UntranslatableException("file_id");
    }
  }

  final void refuseHostedTools(List<String> own) throws UntranslatableException {
    for (JsonTree tool : list(body, "tools")) {
      String type = text(tool, "type");
      if (type != null && !own.contains(type)) {
        throw new UntranslatableException("hosted tool " + Fields.harmless(type));
      }
    }
  }

  /** Leaves out what the model would answer with an error. */
  final void adaptToModel(String... sampling) {
    if (traits.rejectsSampling) {
      dropFields(sampling);
    }
  }

  final void dropFields(String... names) {
    for (String name : names) {
      if (given(body, name) != null) {
        losses.add(name);
        removedFields.addAll(named(body, name));
      }
    }
  }

  /** The values of fields of those names, all of them where a name stands twice. */
  static List<JsonTree> named(JsonTree object, String... names) {
    List<JsonTree> found = new ArrayList<>();
    for (JsonTree field : object.children()) {
      if (Arrays.asList(names).contains(field.name())) {
        found.add(field);
      }
    }
    return found;
  }

  /** The cap of a model that the application chose is its own affair, unless it was declared. */
  final boolean isCapped() {
    return traits.cap != null && (otherModel || target.maxOutputTokens() != null);
  }

  final void clamp(JsonTree object, String field) {
    JsonTree value = given(object, field);
    Long asked = value == null ? null : value.integer();
    if (asked != null && isCapped()) {
      Long limit = traits.limit(asked, losses);
      if (!limit.equals(asked)) {
        edits.replace(value, limit.toString());
      }
    }
  }
}
