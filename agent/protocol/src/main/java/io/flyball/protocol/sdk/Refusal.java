package io.flyball.protocol.sdk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An answer in the provider's words that Flyball gives itself. It is made so that the SDK that
 * asked raises its own exception, with the message in it where the SDK shows one, and does not ask
 * again. Immutable but for {@link #body()}, which nobody writes to.
 */
public final class Refusal {
  private final int status;
  private final List<String> headers;
  private final byte[] body;

  private Refusal(int status, List<String> headers, byte[] body) {
    this.status = status;
    this.headers = Collections.unmodifiableList(headers);
    this.body = body;
  }

  /**
   * For an SDK whose retries nobody ends but the answer.
   *
   * @param protocolId of the API that was called ({@code io.flyball.protocol.Protocol#id()})
   * @param message for the developer who reads the exception
   * @param callId printable ASCII; stands where the provider's request id would, may be null
   */
  public static Refusal of(
      String protocolId, Sdk sdk, RefusalKind kind, String message, String callId) {
    return of(protocolId, sdk, false, kind, message, callId);
  }

  /**
   * @param protocolId of the API that was called ({@code io.flyball.protocol.Protocol#id()})
   * @param retriesEnded whether the SDK will not ask again whatever it hears, so that the status
   *     can be the true one
   * @param message for the developer who reads the exception
   * @param callId printable ASCII; stands where the provider's request id would, may be null
   */
  public static Refusal of(
      String protocolId,
      Sdk sdk,
      boolean retriesEnded,
      RefusalKind kind,
      String message,
      String callId) {
    ErrorFormat format = ErrorFormat.of(protocolId);
    int status = status(format, sdk, retriesEnded, kind);
    List<String> headers = new ArrayList<>();
    header(headers, "content-type", "application/json");
    header(headers, "x-should-retry", "false");
    header(headers, "x-flyball-refusal", kind.code());
    header(headers, format.requestIdHeader(), callId);
    header(headers, "x-amzn-errortype", format.errorTypeHeader(kind, status));
    String body = format.body(kind, status, message, callId);
    return new Refusal(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  private static int status(ErrorFormat format, Sdk sdk, boolean retriesEnded, RefusalKind kind) {
    if (format == ErrorFormat.OLLAMA && !retriesEnded) {
      // Of the others, ollama4j shows no message; nobody who asks Ollama says who he is.
      return 400;
    }
    if (retriesEnded && kind == RefusalKind.TIMEOUT && sdk.timeoutStatus() > 0) {
      return sdk.timeoutStatus();
    }
    int status = kind.status();
    boolean askedAgain = !retriesEnded && sdk.retries(status) && !sdk.obeysShouldRetry();
    return askedAgain || sdk.mistakes(status) ? kind.finalStatus() : status;
  }

  private static void header(List<String> headers, String name, String value) {
    if (value != null) {
      headers.add(name);
      headers.add(value);
    }
  }

  public int status() {
    return status;
  }

  /** Alternating names and values. */
  public List<String> headers() {
    return headers;
  }

  /** JSON in UTF-8. Do not write to it. */
  public byte[] body() {
    return body;
  }
}
