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

  /** Those among them that call the application's code, which then throws through them. */
  private static final String[] CALLING = {
    "sun.net.", "jdk.internal.net.http.", "okhttp3.", "okio.", "io.flyball."
  };

  /**
   * Of a line in an answer's head. A server that goes away in the middle of one has hardly ever
   * sent so much of it; who sends more sends more than OkHttp takes.
   */
  private static final int LONGEST_LINE = 16 << 10;

  /** How the JDK's clients begin to say that what they were sent is no HTTP. */
  private static final String[] NO_HTTP = {
    "Illegal character in chunk size",
    "invalid chunk header",
    "Invalid chunk header",
    "Chunk header too long",
    "Chunk header size too long",
    "Bogus chunk size",
    "Malformed tailer",
    "Invalid Http response",
    "Invalid redirection",
    "unexpected content length header with 204 response"
  };

  /** How clients begin to say with what status a proxy refused to make a tunnel. */
  private static final String[] NO_TUNNEL = {
    // HttpURLConnection, java.net.http, OkHttp
    "Unable to tunnel through proxy. Proxy returns ",
    "Tunnel failed, got: ",
    "Unexpected response code for CONNECT: "
  };

  /**
   * The JDK's words for what a SOCKS server will not do. That it could not is another thing, and
   * passes.
   */
  private static final String[] NO_SOCKS = {
    "SOCKS : authentication failed",
    "SOCKS authentication failed",
    "SOCKS : No acceptable methods",
    "SOCKS: Connection not allowed by ruleset",
    "SOCKS: Command not supported",
    "SOCKS: address type not supported",
    "SOCKS V4 requires IPv4 only addresses"
  };

  private ClientExceptions() {}

  static FailureKind kind(Throwable thrown) {
    if (!(thrown instanceof IOException) || isOfTheRequest(thrown)) {
      return FailureKind.INVALID_REQUEST;
    }
    if (isNotDecodable(thrown) || isNoHttp(thrown)) {
      return FailureKind.UNKNOWN;
    }
    if (isOfAuthentication(thrown) || isRefusedByProxy(thrown)) {
      return FailureKind.AUTHENTICATION;
    }
    if (isUntrusted(thrown)) {
      return FailureKind.UNTRUSTED;
    }
    return isThrownByApplication(thrown) ? FailureKind.INVALID_REQUEST : FailureKind.CONNECTION;
  }

  /**
   * A 401 or 407 that java.net.http tells by an exception, because its authenticator has failed; or
   * a proxy's 407 before there is a connection, in OkHttp's words.
   */
  private static boolean isOfAuthentication(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      String message = cause.getMessage();
      if (thrownIn(cause).startsWith("jdk.internal.net.http.AuthenticationFilter")
          || (message != null && message.startsWith("Failed to authenticate with proxy"))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /**
   * A proxy has said no, to this host or to who asks, and says so again: each further time may be
   * one towards a lock. Whoever is asked by another way may answer.
   */
  private static boolean isRefusedByProxy(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      String message = cause.getMessage();
      if (message != null && (saysTunnelRefused(message) || saysSocksRefused(message))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean saysTunnelRefused(String message) {
    for (String words : NO_TUNNEL) {
      if (message.startsWith(words)) {
        int status = statusIn(message, words.length());
        boolean passes = status == 408 || status == 425 || status == 429;
        boolean staysSo = status == 501 || status == 505 || status == 511;
        return staysSo || (status >= 300 && status < 500 && !passes);
      }
    }
    return false;
  }

  /** The first number of three digits, be it in a status line; 0 when there is none. */
  private static int statusIn(String message, int from) {
    int number = 0;
    int digits = 0;
    for (int i = from; i < message.length(); i++) {
      int digit = Character.digit(message.charAt(i), 10);
      if (digit >= 0) {
        number = digits < 3 ? number * 10 + digit : 0;
        digits++;
      } else if (digits == 3) {
        return number;
      } else {
        number = 0;
        digits = 0;
      }
    }
    return digits == 3 ? number : 0;
  }

  private static boolean saysSocksRefused(String message) {
    for (String words : NO_SOCKS) {
      if (message.startsWith(words)) {
        return true;
      }
    }
    return false;
  }

  /**
   * An interceptor, an authenticator, a cookie handler, a cache or a body of the application has
   * said no, which is no failure of the network; the same code would say it again, to an answer
   * that has come and is paid for, and what it has stopped is not sent elsewhere.
   */
  private static boolean isThrownByApplication(Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof SocketException
          || cause instanceof UnknownHostException
          || cause instanceof SSLException) {
        return false;
      }
      if (isThrownThroughApplication(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /**
   * Its code may use the JDK, which then throws for it: a cookie jar in a file that cannot be
   * written. Nearer to where it was thrown than any client there is code of the application.
   */
  private static boolean isThrownThroughApplication(Throwable thrown) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      String where = frame.getClassName();
      if (startsWithOneOf(where, CALLING)) {
        return false;
      }
      if (!startsWithOneOf(where, CLIENTS)) {
        return true;
      }
      if (thrown instanceof EOFException) {
        // Of a socket that the application has made, most likely.
        return false;
      }
    }
    return false;
  }

  private static boolean startsWithOneOf(String className, String[] prefixes) {
    for (String prefix : prefixes) {
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
   * An answer came, and breaks the rules of HTTP, or is more than the client takes of it: a head
   * that is too long, a chunk without a size. Who has sent that sends it again. Not where the
   * connection broke, which leaves half of an answer that could have been right.
   */
  private static boolean isNoHttp(Throwable thrown) {
    boolean noHttp = false;
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof EOFException) {
        return saysLineTooLong(cause.getMessage());
      }
      if (cause instanceof SocketException || cause instanceof SSLException) {
        return false;
      }
      noHttp |= saysNoHttp(cause);
      cause = cause.getCause();
    }
    return noHttp;
  }

  private static boolean saysNoHttp(Throwable thrown) {
    if (thrown instanceof IllegalArgumentException) {
      // The JDK's client, of an address that it is sent to and that is none.
      return true;
    }
    String message = thrown.getMessage();
    if (message == null) {
      return false;
    }
    if (thrown instanceof ProtocolException) {
      // OkHttp's words for a body that breaks off, and ours.
      return !message.startsWith("unexpected end of stream")
          && !thrownIn(thrown).startsWith("io.flyball.instrumentation.");
    }
    for (String words : NO_HTTP) {
      if (message.startsWith(words)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Okio's words where OkHttp reads a line, be it that there is no more to read or that the line is
   * longer than what is left of the most that a head may have: how many bytes that was, then the
   * first of them.
   */
  private static boolean saysLineTooLong(String message) {
    String beginning = "\\n not found: limit=";
    if (message == null || !message.startsWith(beginning)) {
      return false;
    }
    long limit = 0;
    int end = beginning.length();
    while (end < message.length() && Character.isDigit(message.charAt(end)) && limit < 1 << 30) {
      limit = limit * 10 + Character.digit(message.charAt(end++), 10);
    }
    int content = message.indexOf("content=");
    int shown = content < 0 ? 0 : (message.length() - content - "content=".length()) / 2;
    return limit >= LONGEST_LINE || shown > limit;
  }

  /**
   * What would happen again, anywhere: the client does not send such a request, or none any more,
   * or it was sent from redirect to redirect until the client had enough. Each attempt would be
   * sent around once more.
   */
  private static boolean isOfTheRequest(Throwable thrown) {
    return thrown instanceof HttpRetryException
        || thrown instanceof MalformedURLException
        || thrown instanceof UnknownServiceException
        || saysShutDown(thrown)
        || (thrown instanceof ProtocolException
            && (saysTooManyRedirects(thrown.getMessage()) || saysRejected(thrown.getMessage())));
  }

  /** The words of java.net.http, since Java 21, where the application has ended its client. */
  static boolean saysShutDown(Throwable thrown) {
    if (!(thrown instanceof IOException)) {
      return false;
    }
    String message = thrown.getMessage();
    if ("shutdownNow".equals(message)) {
      return true;
    }
    // A stream that was closed says the same.
    return ("closed".equals(message) || "selector manager closed".equals(message))
        && isMadeIn(thrown, "jdk.internal.net.http.HttpClientImpl");
  }

  /** Itself, or what it was made of. */
  private static boolean isMadeIn(Throwable thrown, String className) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (thrownIn(cause).startsWith(className)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
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
