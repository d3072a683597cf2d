package io.flyball.protocol.failure;

import java.util.function.Function;

/**
 * Understands failed answers of every provider. Never throws for what a peer sent: what cannot be
 * read says nothing, and then the status alone decides.
 */
public final class FailureReader {
  private static final int LAST_OF_SERVERS = 599;
  private static final byte[] NO_BODY = {};

  /** Kinds whose name leaves no question; the others may be something else by their words. */
  private static final FailureKind[] BY_NAME = {
    FailureKind.QUOTA,
    FailureKind.CONTEXT_WINDOW,
    FailureKind.CONTENT_FILTER,
    FailureKind.AUTHENTICATION,
    FailureKind.NOT_FOUND,
    FailureKind.TIMEOUT,
    FailureKind.OVERLOADED
  };

  private FailureReader() {}

  /**
   * Of an answer with an error status, or a redirect.
   *
   * @param header gives the first value of a header of the answer by its name in any case, or null
   * @param body decoded, perhaps cut short; null is taken as empty
   * @param nowEpochMillis the time that dates in the answer are compared with
   */
  public static ProviderFailure ofStatus(
      int status, Function<String, String> header, byte[] body, long nowEpochMillis) {
    ErrorBody error = ErrorBody.read(body == null ? NO_BODY : body);
    error.awsType(header.apply("x-amzn-errortype"));
    FailureKind kind = kind(status, error);
    long wait = RetryAfter.of(kind, header, error, nowEpochMillis);
    long asked = RetryAfter.inHeaders(header, nowEpochMillis);
    return new ProviderFailure(kind, wait, asked, error.name(), error.message());
  }

  /**
   * Of an error inside an answer with status 200: an error event, {@code response.failed}, an
   * {@code error} object.
   *
   * @param type the provider's code or type, or null
   * @param message the provider's words, or null
   */
  public static ProviderFailure ofEvent(String type, String message) {
    ErrorBody error = ErrorBody.of(type, message);
    FailureKind kind = error.status() > 0 ? kind(error.status(), error) : FailureKind.SERVER_ERROR;
    kind = kind == FailureKind.SERVER_ERROR ? kind(error) : kind;
    return new ProviderFailure(kind, RetryAfter.of(kind, error), error.name(), error.message());
  }

  /**
   * Of an error that is a part of an answer with status 200: a response that says that it failed.
   * What has a name nobody knows is not taken to pass.
   *
   * @param type the provider's code or type, or null
   * @param message the provider's words, or null
   */
  public static ProviderFailure ofAnswer(String type, String message) {
    ProviderFailure failure = ofEvent(type, message);
    ErrorBody error = ErrorBody.of(type, message);
    boolean known =
        failure.kind() != FailureKind.SERVER_ERROR
            || error.status() > 0
            || error.isNamed(FailureKind.SERVER_ERROR);
    return known
        ? failure
        : new ProviderFailure(
            FailureKind.UNKNOWN, failure.retryAfterNanos(), error.name(), error.message());
  }

  /** Whether those words alone say what went wrong: money, a limit, a key, a filter. */
  public static boolean isKnown(String words) {
    ErrorBody error = ErrorBody.of(null, words);
    return error.says(FailureKind.QUOTA)
        || error.says(FailureKind.CONTEXT_WINDOW)
        || error.says(FailureKind.CONTENT_FILTER)
        || error.says(FailureKind.AUTHENTICATION);
  }

  private static FailureKind kind(int status, ErrorBody error) {
    switch (status) {
      case 400:
      case 413:
      case 422:
        return refused(error);
      case 401:
        return error.says(FailureKind.QUOTA) ? FailureKind.QUOTA : FailureKind.AUTHENTICATION;
      case 402:
        return FailureKind.QUOTA;
      case 403:
        return forbidden(error);
      case 404:
        return FailureKind.NOT_FOUND;
      case 408:
      case 504:
        return FailureKind.TIMEOUT;
      case 424:
        // Bedrock: the model failed. Elsewhere: a tool server that the request named did.
        return error.isNamed(FailureKind.SERVER_ERROR)
            ? FailureKind.SERVER_ERROR
            : FailureKind.INVALID_REQUEST;
      case 429:
        return tooMany(error);
      case 409: // A lock is held.
      case 425:
      case 498: // Groq: no room in the flex tier.
      case 503:
      case 529:
        return FailureKind.OVERLOADED;
      default:
        if (status > LAST_OF_SERVERS) {
          // Nobody has said what it means, so nobody knows that it passes.
          return FailureKind.UNKNOWN;
        }
        // A redirect that the client does not follow is the application's business.
        return status < 500 ? FailureKind.INVALID_REQUEST : FailureKind.SERVER_ERROR;
    }
  }

  /** Status 400 and its like: of all that may hide behind it, the most telling. */
  private static FailureKind refused(ErrorBody error) {
    if (error.says(FailureKind.QUOTA)) {
      return FailureKind.QUOTA;
    }
    if (error.says(FailureKind.CONTEXT_WINDOW) || error.isTooLargeForOnce()) {
      return FailureKind.CONTEXT_WINDOW;
    }
    if (error.says(FailureKind.CONTENT_FILTER)) {
      return FailureKind.CONTENT_FILTER;
    }
    if (error.says(FailureKind.AUTHENTICATION)) {
      return FailureKind.AUTHENTICATION;
    }
    if (error.isNamed(FailureKind.NOT_FOUND)) {
      return FailureKind.NOT_FOUND;
    }
    return error.isNamed(FailureKind.RATE_LIMIT)
        ? FailureKind.RATE_LIMIT
        : FailureKind.INVALID_REQUEST;
  }

  private static FailureKind forbidden(ErrorBody error) {
    if (error.says(FailureKind.QUOTA)) {
      return FailureKind.QUOTA;
    }
    return error.says(FailureKind.CONTENT_FILTER)
        ? FailureKind.CONTENT_FILTER
        : FailureKind.AUTHENTICATION;
  }

  private static FailureKind tooMany(ErrorBody error) {
    if (error.says(FailureKind.QUOTA)) {
      return FailureKind.QUOTA;
    }
    if (error.isTooLargeForOnce()) {
      return FailureKind.CONTEXT_WINDOW;
    }
    return error.isNamed(FailureKind.OVERLOADED) ? FailureKind.OVERLOADED : FailureKind.RATE_LIMIT;
  }

  /** Without a status, the names decide; an error nobody can name is the provider's. */
  private static FailureKind kind(ErrorBody error) {
    if (error.isNamed(FailureKind.RATE_LIMIT)) {
      return tooMany(error);
    }
    for (FailureKind named : BY_NAME) {
      if (error.isNamed(named)) {
        return named;
      }
    }
    FailureKind refused = refused(error);
    return refused == FailureKind.INVALID_REQUEST && !error.isNamed(FailureKind.INVALID_REQUEST)
        ? FailureKind.SERVER_ERROR
        : refused;
  }
}
