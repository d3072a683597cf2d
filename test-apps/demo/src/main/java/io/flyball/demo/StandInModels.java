package io.flyball.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Stands in for OpenAI and Anthropic: answers each request sensibly and always the same, in the
 * provider's own format, with usage that follows the length of what was sent and said.
 */
public final class StandInModels implements Function<RecordedRequest, Answer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DIMENSIONS = 64;
  private static final List<String> PROSE =
      Arrays.asList(
          "Thank you for writing to us. We looked into it and found the cause; it will be put right today.",
          "The risk lies with the customer here, since nothing limits how often this may happen.",
          "Take the early train, sit on the left, and keep an hour for the change in between.",
          "Most of the movement this month is housing and income; the rest is small and regular.");

  @Override
  public Answer apply(RecordedRequest request) {
    String path = request.path().split("\\?")[0];
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (java.io.IOException e) {
      return error(400, "invalid_json");
    }
    if (path.endsWith("/embeddings")) {
      return embeddings(body);
    }
    if (path.endsWith("/chat/completions")) {
      return body.path("stream").asBoolean() ? chatStream(body) : chat(body);
    }
    if (path.endsWith("/messages/count_tokens")) {
      return json(JSON.createObjectNode().put("input_tokens", tokens(body.path("messages"))));
    }
    if (path.endsWith("/messages")) {
      return body.path("stream").asBoolean() ? messageStream(body) : message(body);
    }
    return error(404, "not_found");
  }

  /** An error in OpenAI's form. */
  public static Answer error(int status, String code) {
    ObjectNode answer = JSON.createObjectNode();
    answer
        .putObject("error")
        .put("message", "The stand-in says: " + code)
        .put("type", code)
        .put("code", code);
    return Answer.json(status, answer.toString());
  }

  private static Answer json(JsonNode body) {
    return Answer.json(200, body.toString());
  }

  private static long tokens(JsonNode text) {
    return Math.max(1, text.toString().length() / 4);
  }

  private static String textFor(JsonNode body) {
    String prompt = body.path("messages").toString() + body.path("system");
    int seed = Math.floorMod(prompt.hashCode(), 4);
    String lower = prompt.toLowerCase(Locale.ROOT);
    if (lower.contains("low, normal, high or critical")) {
      return Arrays.asList("low", "normal", "high", "critical").get(seed);
    }
    if (lower.contains("housing, income, leisure")) {
      return Arrays.asList("housing", "income", "leisure", "food").get(seed);
    }
    return PROSE.get(seed);
  }

  private static JsonNode toolToCall(JsonNode body) {
    JsonNode messages = body.path("messages");
    boolean answered = messages.path(messages.size() - 1).path("role").asText().equals("tool");
    return answered ? JSON.missingNode() : body.path("tools").path(0).path("function");
  }

  private static String argumentsFor(JsonNode function) {
    ObjectNode arguments = JSON.createObjectNode();
    List<String> cities = Arrays.asList("Ulm", "Basel");
    int next = 0;
    for (var names = function.path("parameters").path("properties").fieldNames();
        names.hasNext(); ) {
      arguments.put(names.next(), cities.get(next++ % cities.size()));
    }
    return arguments.toString();
  }

  private static ObjectNode chatUsage(JsonNode body, String said) {
    long input = tokens(body.path("messages"));
    long output = Math.max(1, said.length() / 4);
    ObjectNode usage = JSON.createObjectNode();
    usage.put("prompt_tokens", input).put("completion_tokens", output);
    usage.put("total_tokens", input + output);
    usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
    usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
    return usage;
  }

  private static Answer chat(JsonNode body) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("id", "chatcmpl-" + Integer.toHexString(body.toString().hashCode()));
    answer.put("object", "chat.completion").put("created", 1_795_000_000L);
    answer.put("model", body.path("model").asText());
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("index", 0).putNull("logprobs");
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    JsonNode tool = toolToCall(body);
    String said;
    if (tool.isMissingNode()) {
      said = textFor(body);
      message.put("content", said).putNull("refusal");
      choice.put("finish_reason", "stop");
    } else {
      said = argumentsFor(tool);
      message.putNull("content").putNull("refusal");
      ObjectNode call = message.putArray("tool_calls").addObject();
      call.put("id", "call_1").put("type", "function");
      call.putObject("function").put("name", tool.path("name").asText()).put("arguments", said);
      choice.put("finish_reason", "tool_calls");
    }
    answer.set("usage", chatUsage(body, said));
    return json(answer);
  }

  private static Answer chatStream(JsonNode body) {
    boolean withUsage = body.path("stream_options").path("include_usage").asBoolean();
    String said = textFor(body);
    Answer answer = Answer.events();
    answer =
        answer.event(
            chunk(
                body, withUsage, delta -> delta.put("role", "assistant").put("content", ""), null));
    for (String word : said.split("(?<= )")) {
      answer = answer.event(chunk(body, withUsage, delta -> delta.put("content", word), null));
    }
    answer = answer.event(chunk(body, withUsage, delta -> {}, "stop"));
    if (withUsage) {
      ObjectNode last = chunkHead(body);
      last.putArray("choices");
      last.set("usage", chatUsage(body, said));
      answer = answer.event(last.toString());
    }
    return answer.event("[DONE]").end();
  }

  private static ObjectNode chunkHead(JsonNode body) {
    return JSON.createObjectNode()
        .put("id", "chatcmpl-" + Integer.toHexString(body.path("messages").hashCode()))
        .put("object", "chat.completion.chunk")
        .put("created", 1_795_000_000L)
        .put("model", body.path("model").asText());
  }

  private static String chunk(
      JsonNode body,
      boolean withUsage,
      java.util.function.Consumer<ObjectNode> fillDelta,
      String finishReason) {
    ObjectNode chunk = chunkHead(body);
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("index", 0);
    fillDelta.accept(choice.putObject("delta"));
    choice.put("finish_reason", finishReason);
    if (withUsage) {
      chunk.putNull("usage");
    }
    return chunk.toString();
  }

  private static ObjectNode messageUsage(JsonNode body, String said) {
    ObjectNode usage = JSON.createObjectNode();
    usage.put("input_tokens", tokens(body.path("messages")));
    usage.put("cache_creation_input_tokens", 0).put("cache_read_input_tokens", 0);
    usage.put("output_tokens", Math.max(1, said.length() / 4));
    return usage;
  }

  private static ObjectNode messageHead(JsonNode body) {
    return JSON.createObjectNode()
        .put("id", "msg_" + Integer.toHexString(body.path("messages").hashCode()))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", body.path("model").asText());
  }

  private static Answer message(JsonNode body) {
    String said = textFor(body);
    ObjectNode answer = messageHead(body);
    answer.putArray("content").addObject().put("type", "text").put("text", said);
    answer.put("stop_reason", "end_turn").putNull("stop_sequence");
    answer.set("usage", messageUsage(body, said));
    return json(answer);
  }

  private static Answer messageStream(JsonNode body) {
    String said = textFor(body);
    ObjectNode head = messageHead(body);
    head.putArray("content");
    head.putNull("stop_reason").putNull("stop_sequence");
    head.set("usage", messageUsage(body, ""));
    List<ObjectNode> events = new ArrayList<>();
    events.add(event("message_start").set("message", head));
    ObjectNode block = event("content_block_start").put("index", 0);
    block.putObject("content_block").put("type", "text").put("text", "");
    events.add(block);
    for (String word : said.split("(?<= )")) {
      ObjectNode delta = event("content_block_delta").put("index", 0);
      delta.putObject("delta").put("type", "text_delta").put("text", word);
      events.add(delta);
    }
    events.add(event("content_block_stop").put("index", 0));
    ObjectNode end = event("message_delta");
    end.putObject("delta").put("stop_reason", "end_turn").putNull("stop_sequence");
    end.putObject("usage").put("output_tokens", Math.max(1, said.length() / 4));
    events.add(end);
    events.add(event("message_stop"));
    Answer answer = Answer.events();
    for (ObjectNode event : events) {
      answer = answer.chunk("event: " + event.path("type").asText() + "\ndata: " + event + "\n\n");
    }
    return answer.end();
  }

  private static ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private static Answer embeddings(JsonNode body) {
    JsonNode input = body.path("input");
    List<String> texts = new ArrayList<>();
    if (input.isArray()) {
      input.forEach(text -> texts.add(text.asText()));
    } else {
      texts.add(input.asText());
    }
    ObjectNode answer = JSON.createObjectNode().put("object", "list");
    ArrayNode data = answer.putArray("data");
    for (int i = 0; i < texts.size(); i++) {
      ObjectNode embedding = data.addObject().put("object", "embedding").put("index", i);
      float[] vector = vector(texts.get(i));
      if (body.path("encoding_format").asText().equals("base64")) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
          bytes.putFloat(value);
        }
        embedding.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
      } else {
        ArrayNode values = embedding.putArray("embedding");
        for (float value : vector) {
          values.add(value);
        }
      }
    }
    answer.put("model", body.path("model").asText());
    long tokens = tokens(input);
    answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return json(answer);
  }

  /** A bag of words, hashed: similar texts are near each other, which is all the demo needs. */
  private static float[] vector(String text) {
    float[] vector = new float[DIMENSIONS];
    for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
      vector[Math.floorMod(word.hashCode(), DIMENSIONS)] += 1;
    }
    return vector;
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }
}
