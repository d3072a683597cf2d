package io.flyball.engine.attempt;

import io.flyball.protocol.failure.FailureKind;
import java.io.EOFException;
import java.io.IOException;
import java.net.HttpRetryException;
import java.net.MalformedURLException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.security.cert.CertificateException;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What an exception of the application's client, which is no timeout, says of an attempt. */
final class ClientExceptions {
  /** Causes of causes; more than any client wraps. */
  private static final int MOST_CAUSES = 8;

  /** Where clients, the JDK and what stands in for its TLS make their exceptions; and we. */
  private static final String[] CLIENTS = {
    "java.",
    "javax.",
    "jdk.",
    "sun.",
    "com.sun.",
    "okhttp3.",
    "okio.",
    "kotlin.",
    "kotlinx.",
    "org.conscrypt.",
    "org.bouncycastle.",
    "org.openjsse.",
    "com.ibm.",
    "io.flyball."
  };

  private ClientExceptions() {}

  static FailureKind kind(Throwable thrown) {
    if (!(thrown instanceof IOException) || isOfTheRequest(thrown)) {
      return FailureKind.INVALID_REQUEST;
    }
    if (isNotDecodable(thrown)) {
      return FailureKind.UNKNOWN;
    }
    if (isOfAuthentication(thrown)) {
      return FailureKind.AUTHENTICATION;
    }
    if (isUntrusted(thrown)) {
      return FailureKind.UNTRUSTED;
    }
    return isThrownByApplication(thrown) ? FailureKind.INVALID_REQUEST : FailureKind.CONNECTION;
  }

  /**
   * A 401 or 407 that java.net.http tells by an exception, because its authenticator has failed.
   */
  private static boolean isOfAuthentication(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (thrownIn(cause).startsWith("jdk.internal.net.http.AuthenticationFilter")) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /**
   * An interceptor, an authenticator or a body of the application has said no, which is no failure
   * of the network; the same code would say it again, and what it has stopped is not sent
   * elsewhere.
   */
  private static boolean isThrownByApplication(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof SocketException
          || cause instanceof UnknownHostException
          || cause instanceof SSLException) {
        return false;
      }
      String where = thrownIn(cause);
      if (!where.isEmpty() && !isOfClient(where)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isOfClient(String className) {
    for (String prefix : CLIENTS) {
      if (className.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** The class whose code made the exception; empty when it does not say. */
  private static String thrownIn(Throwable thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    return frames.length == 0 ? "" : frames[0].getClassName();
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
        || (thrown instanceof ProtocolException
            && (saysTooManyRedirects(thrown.getMessage()) || saysRejected(thrown.getMessage())));
  }

  /** HttpURLConnection's words where a server refuses a body that was announced to it. */
  private static boolean saysRejected(String message) {
    return message != null && message.startsWith("Server rejected operation");
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
