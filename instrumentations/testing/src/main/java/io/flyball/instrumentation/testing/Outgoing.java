package io.flyball.instrumentation.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A request the application wants to make. Immutable. */
public final class Outgoing {
  /** The smallest body that is an OpenAI chat request. */
  public static final String CHAT =
      "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  /** The same, asking for a stream with usage, so that nothing has to be added to it. */
  public static final String CHAT_STREAM =
      "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private final String method;
  private final String url;
  private final List<String> headers;
  private final byte[] body;

  private Outgoing(String method, String url, List<String> headers, byte[] body) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
  }

  /** A chat request in OpenAI's format with the key {@code sk-app}. */
  public static Outgoing chat(String baseUrl) {
    return post(baseUrl + "/v1/chat/completions", CHAT);
  }

  /** A streaming chat request in OpenAI's format with the key {@code sk-app}. */
  public static Outgoing chatStream(String baseUrl) {
    return post(baseUrl + "/v1/chat/completions", CHAT_STREAM).with("Accept", "text/event-stream");
  }

  public static Outgoing post(String url, String json) {
    return new Outgoing(
            "POST", url, Collections.<String>emptyList(), json.getBytes(StandardCharsets.UTF_8))
        .with("Content-Type", "application/json")
        .with("Authorization", "Bearer sk-app");
  }

  public static Outgoing get(String url) {
    return new Outgoing("GET", url, Collections.<String>emptyList(), null);
  }

  public Outgoing with(String header, String value) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    more.add(value);
    return new Outgoing(method, url, Collections.unmodifiableList(more), body);
  }

  /** With another body. */
  public Outgoing withBody(byte[] bytes) {
    return new Outgoing(method, url, headers, bytes.clone());
  }

  /** With an order for {@link io.flyball.instrumentation.testing.stage.ScriptedStage}. */
  public Outgoing script(String script) {
    return with("x-flyball-test", script);
  }

  public Outgoing to(String otherUrl) {
    return new Outgoing(method, otherUrl, headers, body);
  }

  public String method() {
    return method;
  }

  public String url() {
    return url;
  }

  /** Alternating names and values. */
  public List<String> headers() {
    return headers;
  }

  /** The body, or null when there is none. */
  public byte[] body() {
    return body == null ? null : body.clone();
  }
}
