package io.flyball.protocol.failure;

import java.util.Objects;

/** A failure as it was understood. Immutable. */
public final class ProviderFailure {
  private final FailureKind kind;
  private final long retryAfterNanos;
  private final long askedNanos;
  private final String type;
  private final String message;

  ProviderFailure(FailureKind kind, long retryAfterNanos, String type, String message) {
    this(kind, retryAfterNanos, RetryAfter.NONE, type, message);
  }

  ProviderFailure(
      FailureKind kind, long retryAfterNanos, long askedNanos, String type, String message) {
    this.kind = Objects.requireNonNull(kind, "kind");
    this.retryAfterNanos = retryAfterNanos;
    this.askedNanos = askedNanos;
    this.type = type;
    this.message = message;
  }

  /** A failure that no provider put into words: no connection, silence, a broken answer. */
  public static ProviderFailure of(FailureKind kind) {
    return new ProviderFailure(kind, RetryAfter.NONE, null, null);
  }

  public FailureKind kind() {
    return kind;
  }

  /**
   * How long the provider wants to be left alone at least, from 0 to 24 hours (longer times are
   * cut); -1 when it did not say.
   */
  public long retryAfterNanos() {
    return retryAfterNanos;
  }

  /**
   * As much of that as stands in the headers made for it, which SDKs heed; -1 when nothing does.
   */
  public long askedNanos() {
    return askedNanos;
  }

  /** The provider's code, or its type where it has no code in words; null when it gave neither. */
  public String type() {
    return type;
  }

  /**
   * The provider's words, cut at 2048 characters, or null. They may quote prompt text: never log
   * them.
   */
  public String message() {
    return message;
  }

  /** Without the provider's words. */
  @Override
  public String toString() {
    return kind + (retryAfterNanos < 0 ? "" : " retry after " + retryAfterNanos + " ns");
  }
}
