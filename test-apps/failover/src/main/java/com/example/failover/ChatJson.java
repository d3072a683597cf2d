package com.example.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Chat completions as a program without an SDK writes and reads them. */
public final class ChatJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChatJson() {}

  public static String request(String model, boolean stream, String prompt) {
    ObjectNode request = JSON.createObjectNode().put("model", model);
    request.putArray("messages").addObject().put("role", "user").put("content", prompt);
    if (stream) {
      request.put("stream", true);
      request.putObject("stream_options").put("include_usage", true);
    }
    return request.toString();
  }

  /**
   * Reads an answer to its end.
   *
   * @throws IOException when it is an error, breaks off or is not understood
   */
  public static Completion read(int status, boolean stream, InputStream body) throws IOException {
    if (status != 200) {
      throw new IOException(status + ": " + (body == null ? "" : JSON.readTree(body)));
    }
    return stream ? readStream(body) : readPlain(body);
  }

  private static Completion readPlain(InputStream body) throws IOException {
    JsonNode answer = JSON.readTree(body);
    return completion(
        answer.path("choices").path(0).path("message").path("content").asText(), answer, answer);
  }

  private static Completion readStream(InputStream body) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    StringBuilder text = new StringBuilder();
    JsonNode last = JSON.createObjectNode();
    JsonNode withUsage = last;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.startsWith("data:")) {
        continue;
      }
      String data = line.substring(5).trim();
      if (data.equals("[DONE]")) {
        break;
      }
      last = JSON.readTree(data);
      if (last.has("error")) {
        throw new IOException("error event: " + last);
      }
      withUsage = last.path("usage").isObject() ? last : withUsage;
      text.append(last.path("choices").path(0).path("delta").path("content").asText(""));
    }
    return completion(text.toString(), last, withUsage);
  }

  private static Completion completion(String text, JsonNode answer, JsonNode withUsage) {
    JsonNode usage = withUsage.path("usage");
    return new Completion(
        text,
        answer.path("model").asText(null),
        usage.has("prompt_tokens") ? usage.path("prompt_tokens").asLong() : null,
        usage.has("completion_tokens") ? usage.path("completion_tokens").asLong() : null);
  }
}
