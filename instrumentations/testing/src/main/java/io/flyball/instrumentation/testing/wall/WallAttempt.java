package io.flyball.instrumentation.testing.wall;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.instrumentation.testing.provider.RecordedRequest;

/** One request that reached a {@link Wall}, and what it did with it. */
public final class WallAttempt {
  private final RecordedRequest request;
  private final String model;
  private final boolean stream;
  private final boolean endsWithAssistant;
  private final boolean asksForUsage;
  private final int promptTokens;
  private final int number;
  private final long millis;
  private final long millisOfModel;
  private volatile String action = "?";

  WallAttempt(RecordedRequest request, JsonNode body, int number, long millis, long millisOfModel) {
    this.request = request;
    this.model = body.path("model").asText();
    this.stream = body.path("stream").asBoolean();
    JsonNode messages = body.path("messages");
    this.endsWithAssistant =
        messages.path(messages.size() - 1).path("role").asText().equals("assistant");
    this.asksForUsage = body.path("stream_options").path("include_usage").asBoolean();
    this.promptTokens = Math.max(1, messages.toString().length() / 4);
    this.number = number;
    this.millis = millis;
    this.millisOfModel = millisOfModel;
  }

  /** As it came over the wire. */
  public RecordedRequest request() {
    return request;
  }

  public String model() {
    return model;
  }

  public boolean isStream() {
    return stream;
  }

  /** 1 for the first of this model and way (stream or not). */
  public int number() {
    return number;
  }

  /** When it came, in ms since the wall was made. */
  public long millis() {
    return millis;
  }

  /** When it came, in ms since the first request for this model and way. */
  public long millisOfModel() {
    return millisOfModel;
  }

  /** What was done with it, for example {@code 503} or {@code 200 cut}. */
  public String action() {
    return action;
  }

  /** Whether the last message is the beginning of the answer: a prefill. */
  public boolean endsWithAssistant() {
    return endsWithAssistant;
  }

  boolean asksForUsage() {
    return asksForUsage;
  }

  int promptTokens() {
    return promptTokens;
  }

  WallAttempt did(String what) {
    action = what;
    return this;
  }

  @Override
  public String toString() {
    return millis
        + " ms "
        + model
        + (stream ? " stream" : " plain")
        + " #"
        + number
        + ": "
        + action;
  }
}
