package io.flyball.engine.attempt;

import io.flyball.protocol.failure.FailureKind;
import java.io.EOFException;
import java.io.IOException;
import java.net.HttpRetryException;
import java.net.MalformedURLException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownServiceException;
import java.security.cert.CertificateException;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What an exception of the application's client, which is no timeout, says of an attempt. */
final class ClientExceptions {
  /** Causes of causes; more than any client wraps. */
  private static final int MOST_CAUSES = 8;

  private ClientExceptions() {}

  static FailureKind kind(Throwable thrown) {
    if (!(thrown instanceof IOException) || isOfTheRequest(thrown)) {
      return FailureKind.INVALID_REQUEST;
    }
    if (isNotDecodable(thrown)) {
      return FailureKind.UNKNOWN;
    }
    return isUntrusted(thrown) ? FailureKind.UNTRUSTED : FailureKind.CONNECTION;
  }

  /**
   * The answer came, and the client cannot decompress it: it would come the same once more, and be
   * paid for. The words are those of okio.
   */
  private static boolean isNotDecodable(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof ZipException || cause instanceof DataFormatException) {
        return true;
      }
      cause = cause.getCause();
    }
    String words = thrown.getMessage();
    return words != null
        && (words.startsWith("gzip finished without exhausting source")
            || words.startsWith("ID1ID2: actual")
            || words.startsWith("CRC: actual")
            || words.startsWith("ISIZE: actual"));
  }

  /**
   * What would happen again, anywhere: the client does not send such a request, or it was sent from
   * redirect to redirect until the client had enough. Each attempt would be sent around once more.
   */
  private static boolean isOfTheRequest(Throwable thrown) {
    return thrown instanceof HttpRetryException
        || thrown instanceof MalformedURLException
        || thrown instanceof UnknownServiceException
        || (thrown instanceof ProtocolException && saysTooManyRedirects(thrown.getMessage()));
  }

  /** OkHttp's words, and those of the JDK's HttpURLConnection. */
  private static boolean saysTooManyRedirects(String message) {
    return message != null
        && (message.startsWith("Too many follow-up requests")
            || message.startsWith("Server redirected too many"));
  }

  /**
   * Nobody was found there who could show to be whom the application wants to talk to, or client
   * and server have no TLS in common: neither passes by itself. A connection that broke in the
   * middle of the handshake, which the JDK calls a failed handshake as well, does.
   */
  private static boolean isUntrusted(Throwable thrown) {
    boolean handshake = false;
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof CertificateException
          || cause instanceof SSLPeerUnverifiedException
          || saysWrongHost(cause.getMessage())) {
        return true;
      }
      if (cause instanceof EOFException || cause instanceof SocketException) {
        return false;
      }
      handshake |= cause instanceof SSLHandshakeException;
      cause = cause.getCause();
    }
    return handshake;
  }

  /** HttpURLConnection throws a plain IOException where its host name verifier says no. */
  private static boolean saysWrongHost(String message) {
    return message != null && message.startsWith("HTTPS hostname wrong");
  }
}
