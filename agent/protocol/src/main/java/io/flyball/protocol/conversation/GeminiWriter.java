package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.Audio;
import io.flyball.protocol.conversation.Part.Document;
import io.flyball.protocol.conversation.Part.Image;
import io.flyball.protocol.conversation.Part.Text;
import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import io.flyball.protocol.conversation.ToolChoice.Mode;
import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes Gemini's generateContent. */
final class GeminiWriter {
  /** What Gemini 3 takes for the signature of a call that another model made. */
  static final String FOREIGN_SIGNATURE = "skip_thought_signature_validator";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}");
  private static final Pattern SEED = Pattern.compile("-?\\d{1,9}");
  private static final int MOST_STOPS = 5;

  private final Conversation conversation;
  private final String model;
  private final ModelTraits traits;
  private final Losses losses;
  private final Map<String, String> calledTools;

  /** Of each call, by its id: how many others were made before it. */
  private final Map<String, Integer> places = new HashMap<>();

  private final JsonWriter out = new JsonWriter();

  private GeminiWriter(Conversation conversation, String model, ModelTraits traits, Losses losses) {
    this.conversation = conversation;
    this.model = model;
    this.traits = traits;
    this.losses = losses;
    this.calledTools = conversation.calledTools();
    for (Turn turn : conversation.turns) {
      for (ToolCall call : turn.only(ToolCall.class)) {
        places.putIfAbsent(call.id, places.size());
      }
    }
  }

  static byte[] write(Conversation conversation, TargetModel target, Losses losses)
      throws UntranslatableException {
    String model = modelName(target.model());
    ModelTraits traits = ModelTraits.of(target, model);
    return new GeminiWriter(conversation, model, traits, losses).write();
  }

  /** Without the {@code models/} that some write before it. */
  static String modelName(String model) {
    return model.startsWith("models/") ? model.substring("models/".length()) : model;
  }

  static boolean wantsSignatures(String model) {
    return model.startsWith("gemini-") && model.compareTo("gemini-3") >= 0;
  }

  private byte[] write() throws UntranslatableException {
    Writing.checkNames(conversation, NAME);
    Writing.checkUserIsFirst(conversation);
    Writing.checkPrefill(conversation, traits);
    out.startObject();
    if (conversation.system != null) {
      out.name("systemInstruction").startObject().name("parts").startArray();
      out.startObject().string("text", conversation.system).endObject();
      out.endArray().endObject();
    }
    out.name("contents").startArray();
    for (Turn turn : conversation.turns) {
      turn(turn);
    }
    out.endArray();
    tools();
    config();
    Writing.lost(losses, "user", conversation.user);
    return out.endObject().finish();
  }

  private void turn(Turn turn) throws UntranslatableException {
    if (turn.role == Turn.Role.SYSTEM) {
      throw new UntranslatableException("system message in mid-conversation");
    }
    if (turn.role == Turn.Role.ASSISTANT) {
      content("model", turn.parts);
      return;
    }
    content("user", inCallOrder(turn.only(ToolResult.class)));
    content("user", turn.without(ToolResult.class));
  }

  /** Gemini tells results of one function apart by their order. */
  private List<ToolResult> inCallOrder(List<ToolResult> results) {
    Map<String, ToolResult> byId = new HashMap<>();
    for (ToolResult result : results) {
      if (places.containsKey(result.id)) {
        byId.put(result.id, result);
      }
    }
    List<ToolResult> ordered = new ArrayList<>(byId.values());
    ordered.sort(Comparator.comparing(result -> places.get(result.id)));
    return ordered;
  }

  private void content(String role, List<? extends Part> parts) throws UntranslatableException {
    if (parts.isEmpty()) {
      return;
    }
    out.startObject().string("role", role).name("parts").startArray();
    boolean unsigned = wantsSignatures(model);
    for (Part part : parts) {
      out.startObject();
      part(part);
      if (unsigned && part instanceof ToolCall) {
        out.string("thoughtSignature", FOREIGN_SIGNATURE);
        unsigned = false;
      }
      out.endObject();
    }
    out.endArray().endObject();
  }

  private void part(Part part) throws UntranslatableException {
    if (part instanceof Text) {
      out.string("text", ((Text) part).text);
    } else if (part instanceof Image) {
      Image image = (Image) part;
      if (image.url != null) {
        throw new UntranslatableException("image by address");
      }
      Writing.checkPicture(image.mediaType, "image/heic", "image/heif");
      inline(image.mediaType, image.base64);
    } else if (part instanceof Document) {
      document((Document) part);
    } else if (part instanceof Audio) {
      Audio audio = (Audio) part;
      inline("audio/" + audio.format, audio.base64);
    } else if (part instanceof ToolCall) {
      ToolCall call = (ToolCall) part;
      out.name("functionCall").startObject();
      out.string("id", call.id).string("name", call.name).json("args", call.arguments);
      out.endObject();
    } else {
      toolResult((ToolResult) part);
    }
  }

  private void inline(String mediaType, String base64) {
    out.name("inlineData").startObject();
    out.string("mimeType", mediaType).string("data", base64).endObject();
  }

  private void document(Document document) throws UntranslatableException {
    if (document.url != null) {
      throw new UntranslatableException("document by address");
    }
    Writing.lost(losses, "document title", document.title);
    if (document.text == null) {
      inline("application/pdf", document.base64);
    } else {
      byte[] text = document.text.getBytes(StandardCharsets.UTF_8);
      inline("text/plain", Base64.getEncoder().encodeToString(text));
    }
  }

  private void toolResult(ToolResult result) throws UntranslatableException {
    String text = Writing.joined(result.content, "image in a tool result");
    JsonTree object = result.error ? null : JsonText.object(text);
    out.name("functionResponse").startObject();
    out.string("id", result.id).string("name", calledTools.get(result.id));
    if (object != null && !GeminiReader.isWrapped(object)) {
      out.json("response", object.json());
    } else {
      out.name("response").startObject();
      out.string(result.error ? "error" : "result", text).endObject();
    }
    out.endObject();
  }

  private void tools() throws UntranslatableException {
    if (conversation.tools.isEmpty()) {
      return;
    }
    ToolChoice choice = conversation.toolChoice;
    boolean never = choice != null && choice.mode == Mode.NONE;
    if (!conversation.parallelToolCalls && !never) {
      throw new UntranslatableException("parallel_tool_calls false");
    }
    out.name("tools").startArray().startObject().name("functionDeclarations").startArray();
    for (ToolDefinition tool : conversation.tools) {
      out.startObject().string("name", tool.name);
      if (tool.description != null) {
        out.string("description", tool.description);
      }
      if (!tool.parameters.equals(ToolDefinition.NO_PARAMETERS)) {
        out.json("parametersJsonSchema", tool.parameters);
      }
      if (tool.strict) {
        losses.add("strict");
      }
      out.endObject();
    }
    out.endArray().endObject().endArray();
    if (choice != null) {
      toolChoice(choice);
    }
  }

  private void toolChoice(ToolChoice choice) {
    boolean must = choice.mode == Mode.REQUIRED || choice.mode == Mode.FUNCTION;
    out.name("toolConfig").startObject().name("functionCallingConfig").startObject();
    out.string("mode", must ? "ANY" : choice.mode.name());
    if (choice.function != null) {
      out.name("allowedFunctionNames").startArray().string(choice.function).endArray();
    }
    out.endObject().endObject();
  }

  private void config() throws UntranslatableException {
    out.name("generationConfig").startObject();
    Long limit = traits.limit(conversation.maxOutputTokens, losses);
    Writing.number(out, "maxOutputTokens", limit == null ? null : limit.toString());
    Sampling sampling = conversation.sampling;
    Writing.number(out, "temperature", sampling.temperature);
    Writing.number(out, "topP", sampling.topP);
    Writing.number(out, "topK", sampling.topK);
    Writing.number(out, "frequencyPenalty", sampling.frequencyPenalty);
    Writing.number(out, "presencePenalty", sampling.presencePenalty);
    if (sampling.seed != null && !SEED.matcher(sampling.seed).matches()) {
      losses.add("seed");
    } else {
      Writing.number(out, "seed", sampling.seed);
    }
    Writing.stops(out, "stopSequences", conversation.stopSequences, MOST_STOPS);
    if (conversation.format != null) {
      out.string("responseMimeType", "application/json");
      if (conversation.format.schema != null) {
        out.json("responseJsonSchema", conversation.format.schema);
      }
    }
    if (conversation.effort != null) {
      effort(conversation.effort);
    }
    out.endObject();
  }

  private void effort(Effort effort) {
    if (!traits.takesEffort) {
      losses.add("effort");
      return;
    }
    out.name("thinkingConfig").startObject();
    if (wantsSignatures(model)) {
      Effort taken = effort.atLeast(Effort.LOW).atMost(Effort.HIGH);
      boolean coarse = model.startsWith("gemini-3-pro") && taken == Effort.MEDIUM;
      taken = coarse ? Effort.HIGH : taken;
      if (taken != effort) {
        losses.add("effort");
      }
      out.string("thinkingLevel", taken.word());
    } else {
      out.json("thinkingBudget", Integer.toString(budget(effort)));
    }
    out.endObject();
  }

  /** In tokens, between what the smallest and the largest of the 2.5 models take. */
  private int budget(Effort effort) {
    switch (effort) {
      case NONE:
        return model.contains("pro") ? 128 : 0;
      case MINIMAL:
        return 512;
      case LOW:
        return 1024;
      case MEDIUM:
        return 8192;
      default:
        return 24_576;
    }
  }
}
