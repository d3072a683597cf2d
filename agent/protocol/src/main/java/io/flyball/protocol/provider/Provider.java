package io.flyball.protocol.provider;

/** Who answers at an address, as far as it matters for reading its traffic. Immutable. */
public final class Provider {
  private final String name;
  private final boolean usageOnRequest;

  Provider(String name, boolean usageOnRequest) {
    this.name = name;
    this.usageOnRequest = usageOnRequest;
  }

  /**
   * {@code gen_ai.provider.name}: of OpenTelemetry's semantic conventions where they have one
   * ({@code mistral_ai}, {@code x_ai}), else the provider's own name in that style.
   */
  public String name() {
    return name;
  }

  /**
   * Whether usage in an OpenAI-style stream comes only when {@code stream_options.include_usage}
   * asks for it, and asking is understood. False where usage comes anyway or the field is refused.
   */
  public boolean usageOnRequest() {
    return usageOnRequest;
  }
}
