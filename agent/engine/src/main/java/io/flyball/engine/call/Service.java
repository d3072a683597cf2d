package io.flyball.engine.call;

import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * What an answer of a provider is about: a model at a destination, as asked with one {@link
 * Credential}. What is learnt of one of them is never held against another. Immutable.
 */
public final class Service {
  private static final char BEFORE_MODEL = '/';
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
    return destination + BEFORE_MODEL + model + BEFORE_FINGERPRINT + credential.fingerprint();
  }

  /** Names the destination and the model: fit for messages to the application. */
  @Override
  public String toString() {
    return destination + BEFORE_MODEL + model;
  }

  /**
   * What of a {@link #key} may stand in a metric: destination and model.
   *
   * @param names what may be shown of a model's name
   */
  public static String placeOf(String key, UnaryOperator<String> names) {
    int end = key.lastIndexOf(BEFORE_FINGERPRINT);
    int model = key.indexOf(BEFORE_MODEL) + 1;
    return end < 0
        ? key
        : model == 0 || model > end
            ? key.substring(0, end)
            : key.substring(0, model) + names.apply(key.substring(model, end));
  }

  /** Whether all of a {@link #key} may be told, also to other JVMs. */
  public static boolean isShownAsItIs(String key, UnaryOperator<String> names) {
    return placeOf(key, names).equals(placeOf(key, UnaryOperator.identity()));
  }

  /**
   * What of a {@link #key} may be shown: destination, model and the beginning of the fingerprint.
   *
   * @param names what may be shown of a model's name
   */
  public static String shown(String key, UnaryOperator<String> names) {
    int at = key.lastIndexOf(BEFORE_FINGERPRINT);
    return at < 0
        ? key
        : placeOf(key, names)
            + key.substring(at, Math.min(key.length(), at + 1 + Credential.SHORT));
  }
}
