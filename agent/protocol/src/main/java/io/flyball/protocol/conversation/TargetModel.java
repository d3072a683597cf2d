package io.flyball.protocol.conversation;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** A place a call can be sent to, as far as the format of the call matters. Immutable. */
public final class TargetModel {
  /** OpenAI and everybody who speaks its format; a call of the responses API stays one. */
  public static final String OPENAI = "openai";

  /** As {@link #OPENAI}, for a target that has chat completions only. */
  public static final String OPENAI_CHAT = "openai-chat";

  /** Azure OpenAI; the model is the deployment. */
  public static final String AZURE = "azure";

  public static final String ANTHROPIC = "anthropic";
  public static final String GEMINI = "gemini";

  /** The values that {@link #builder} takes. */
  public static final List<String> PROTOCOLS =
      Collections.unmodifiableList(Arrays.asList(OPENAI, OPENAI_CHAT, AZURE, ANTHROPIC, GEMINI));

  private final String protocol;
  private final String model;
  private final Long maxOutputTokens;
  private final String anthropicVersion;
  private final String apiVersion;
  private final boolean usageOnRequest;
  private final boolean sameEndpoint;

  private TargetModel(Builder builder) {
    this.protocol = builder.protocol;
    this.model = builder.model;
    this.maxOutputTokens = builder.maxOutputTokens;
    this.anthropicVersion = builder.anthropicVersion;
    this.apiVersion = builder.apiVersion;
    this.usageOnRequest = builder.usageOnRequest;
    this.sameEndpoint = builder.sameEndpoint;
  }

  /**
   * @param protocol one of {@link #PROTOCOLS}
   * @throws IllegalArgumentException when it is not
   */
  public static Builder builder(String protocol) {
    return new Builder(protocol);
  }

  public String protocol() {
    return protocol;
  }

  /** The model (for Azure the deployment), or null to keep the application's. */
  public String model() {
    return model;
  }

  /** The most tokens that the target's model can answer with, or null when not known. */
  public Long maxOutputTokens() {
    return maxOutputTokens;
  }

  /** The value of {@code anthropic-version}, or null for the default. */
  public String anthropicVersion() {
    return anthropicVersion;
  }

  /** Azure's {@code api-version}, or null for the application's own or the default. */
  public String apiVersion() {
    return apiVersion;
  }

  /** Whether a target in OpenAI's format can be asked for the usage of a stream. */
  public boolean usageOnRequest() {
    return usageOnRequest;
  }

  /**
   * Whether the call would go to the very endpoint and account that the application called, so that
   * what is stored there is known.
   */
  public boolean sameEndpoint() {
    return sameEndpoint;
  }

  boolean isOpenAi() {
    return protocol.startsWith(OPENAI) || protocol.equals(AZURE);
  }

  /** Everything but the protocol is optional. */
  public static final class Builder {
    private final String protocol;
    private String model;
    private Long maxOutputTokens;
    private String anthropicVersion;
    private String apiVersion;
    private boolean usageOnRequest = true;
    private boolean sameEndpoint;

    private Builder(String protocol) {
      this.protocol = Objects.requireNonNull(protocol, "protocol");
      if (!PROTOCOLS.contains(protocol)) {
        throw new IllegalArgumentException("unknown protocol " + protocol);
      }
    }

    public Builder model(String value) {
      this.model = value;
      return this;
    }

    /**
     * @param value at least 1, or null
     */
    public Builder maxOutputTokens(Long value) {
      if (value != null && value < 1) {
        throw new IllegalArgumentException("maxOutputTokens " + value);
      }
      this.maxOutputTokens = value;
      return this;
    }

    public Builder anthropicVersion(String value) {
      this.anthropicVersion = value;
      return this;
    }

    public Builder apiVersion(String value) {
      this.apiVersion = value;
      return this;
    }

    /** True by default. */
    public Builder usageOnRequest(boolean value) {
      this.usageOnRequest = value;
      return this;
    }

    /** False by default. */
    public Builder sameEndpoint(boolean value) {
      this.sameEndpoint = value;
      return this;
    }

    public TargetModel build() {
      return new TargetModel(this);
    }
  }
}
