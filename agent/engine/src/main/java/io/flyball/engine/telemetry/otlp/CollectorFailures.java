package io.flyball.engine.telemetry.otlp;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * Tells why something does not reach a collector: in words of ours, since what an exception says
 * may quote a header or the whole address. Each cause is told once, and again after another one.
 */
final class CollectorFailures {
  /** Of a collector that fails in turns one way and another. */
  private static final int MOST_LINES = 50;

  private static final String GRPC_PORT = ":4317";
  private static final String NO_HTTP = "what answers there does not speak HTTP/1.1";

  private final String beginning;
  private final boolean grpcPort;
  private final Consumer<String> warnings;
  private String told;
  private int lines;

  /**
   * @param what is sent, in the plural
   */
  CollectorFailures(String what, URI endpoint, Consumer<String> warnings) {
    this.beginning = what + " cannot be sent to " + withoutSecrets(endpoint) + ": ";
    this.grpcPort = String.valueOf(endpoint.getRawAuthority()).endsWith(GRPC_PORT);
    this.warnings = warnings;
  }

  /** User and query of an address may be credentials. */
  static String withoutSecrets(URI endpoint) {
    // A host with an underscore is none to a URI; what is behind an at sign is host and port.
    String authority = String.valueOf(endpoint.getRawAuthority());
    String place = authority.substring(authority.lastIndexOf('@') + 1);
    return endpoint.getScheme() + "://" + place + endpoint.getRawPath();
  }

  synchronized void tell(IOException failure) {
    String cause = cause(failure);
    String kind = failure instanceof NotTaken ? ((NotTaken) failure).kind() : cause;
    if (!kind.equals(told) && lines < MOST_LINES) {
      told = kind;
      lines++;
      boolean otherPort = grpcPort && !(failure instanceof UnknownHostException);
      warnings.accept(
          beginning
              + cause
              + (otherPort
                  ? "; port 4317 is usually OTLP over gRPC, OTLP over HTTP is on 4318"
                  : ""));
    }
  }

  private static String cause(IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (failure instanceof BadAnswer) {
      int status = ((BadAnswer) failure).status;
      return status < 0 ? NO_HTTP : "the collector answered " + status;
    }
    if (failure instanceof NotTaken) {
      return failure.getMessage();
    }
    if (failure instanceof UnknownHostException) {
      return "the host is not known";
    }
    if (failure instanceof NoRouteToHostException) {
      return "there is no route to the host";
    }
    if (failure instanceof SocketTimeoutException) {
      return message.contains("connect") ? "connecting took too long" : "no answer came in time";
    }
    if (failure instanceof ConnectException) {
      return message.contains("refused") ? "Connection refused" : "no connection was made";
    }
    if (failure instanceof SSLException) {
      return isUntrusted(failure)
          ? "its certificate is not trusted (otel.exporter.otlp.certificate names others)"
          : "TLS failed (" + failure.getClass().getSimpleName() + ')';
    }
    if (failure instanceof SocketException) {
      return "the connection broke off";
    }
    return message.contains("invalid http response")
        ? NO_HTTP
        : "it failed (" + failure.getClass().getSimpleName() + ')';
  }

  private static boolean isUntrusted(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (cause instanceof GeneralSecurityException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** The collector did not take it. */
  static final class BadAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status below 0 when there was none
     */
    BadAnswer(int status) {
      super("the collector answered " + status);
      this.status = status;
    }
  }
}
