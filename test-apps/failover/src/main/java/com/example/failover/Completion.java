package com.example.failover;

/** What a model answered, as the application was told. */
public final class Completion {
  private final String text;
  private final String model;
  private final Long inputTokens;
  private final Long outputTokens;

  /**
   * An answer.
   *
   * @param model null when it was not said
   * @param inputTokens null when they were not said
   * @param outputTokens null when they were not said
   */
  public Completion(String text, String model, Long inputTokens, Long outputTokens) {
    this.text = text;
    this.model = model;
    this.inputTokens = inputTokens;
    this.outputTokens = outputTokens;
  }

  String text() {
    return text;
  }

  String model() {
    return model;
  }

  Long inputTokens() {
    return inputTokens;
  }

  Long outputTokens() {
    return outputTokens;
  }
}
