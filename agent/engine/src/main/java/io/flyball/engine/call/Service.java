package io.flyball.engine.call;

import java.util.Objects;

/**
 * What an answer of a provider is about: a model at a destination, as asked with one {@link
 * Credential}. What is learnt of one of them is never held against another. Immutable.
 */
public final class Service {
  private static final char BEFORE_FINGERPRINT = '#';

  private final String destination;
  private final String model;
  private final Credential credential;

  /**
   * @param destination a target's name, or host and port
   * @param model may be null
   */
  public Service(String destination, String model, Credential credential) {
    this.destination = Objects.requireNonNull(destination, "destination");
    this.model = model;
    this.credential = Objects.requireNonNull(credential, "credential");
  }

  /** Names it in maps and to other JVMs; not to be shown. */
  public String key() {
    return destination + '/' + model + BEFORE_FINGERPRINT + credential.fingerprint();
  }

  /** Names the destination and the model: fit for messages. */
  @Override
  public String toString() {
    return destination + '/' + model;
  }

  /** What of a {@link #key} may stand in a metric: destination and model. */
  public static String placeOf(String key) {
    int end = key.lastIndexOf(BEFORE_FINGERPRINT);
    return end < 0 ? key : key.substring(0, end);
  }

  /**
   * What of a {@link #key} may be shown: destination, model and the beginning of the fingerprint.
   */
  public static String shown(String key) {
    int at = key.lastIndexOf(BEFORE_FINGERPRINT);
    return at < 0 ? key : key.substring(0, Math.min(key.length(), at + 1 + Credential.SHORT));
  }
}
