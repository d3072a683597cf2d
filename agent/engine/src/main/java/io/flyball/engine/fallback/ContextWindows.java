package io.flyball.engine.fallback;

/** How much text models take. */
public interface ContextWindows {

  /**
   * The context window of a model in tokens; 0 when it is not known.
   *
   * @param provider {@code gen_ai.provider.name}
   * @param host where it is asked
   * @param model may be null
   */
  long of(String provider, String host, String model);
}
