package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.Headers;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;

/**
 * What the application set on its connection and the connection does not tell: what is needed to
 * describe the request, and to make a fresh connection like it. The connection itself stays the
 * judge of what is allowed; it is told first.
 */
final class RequestSettings {
  private final HttpURLConnection original;
  private final List<String> namesAndValues = new ArrayList<>();
  private boolean describable = true;
  private int connectTimeout = -1;
  private int readTimeout = -1;
  private int chunkLength = -1;
  private long fixedLength = -1;
  private Authenticator authenticator;

  /** Whether the original has not been given what is said to Flyball. */
  private boolean withheld;

  RequestSettings(HttpURLConnection original) {
    this.original = original;
  }

  /** The original accepted this header; like there, the last one of that name is replaced. */
  void headerSet(String name, String value) {
    for (int i = namesAndValues.size() - 2; i >= 0; i -= 2) {
      if (namesAndValues.get(i).equalsIgnoreCase(name)) {
        describable &= value != null;
        namesAndValues.set(i + 1, value);
        return;
      }
    }
    headerAdded(name, value);
  }

  /** The original accepted this header as one more of that name. */
  void headerAdded(String name, String value) {
    if (value == null) {
      describable = false;
    } else if (kept(name)) {
      namesAndValues.add(name);
      namesAndValues.add(value);
    }
  }

  /**
   * A header that is said to Flyball, and that the original is not given: it could not be taken
   * from there again.
   *
   * @param added whether it is one more of that name
   */
  void withheld(String name, String value, boolean added) {
    withheld = true;
    if (added) {
      headerAdded(name, value);
    } else {
      headerSet(name, value);
    }
  }

  /** Whether {@link #withheld} may be told of that header: the JDK would surely take it. */
  static boolean mayBeWithheld(String name, String value) {
    return name != null
        && value != null
        && Headers.isForFlyball(name)
        && name.indexOf(':') < 0
        && name.indexOf('\n') < 0
        && value.indexOf('\n') < 0;
  }

  /** The original gets what was withheld. */
  void giveWithheld() {
    if (withheld) {
      withheld = false;
      for (int i = 0; i < namesAndValues.size(); i += 2) {
        if (mayBeWithheld(namesAndValues.get(i), namesAndValues.get(i + 1))) {
          original.addRequestProperty(namesAndValues.get(i), namesAndValues.get(i + 1));
        }
      }
    }
  }

  /** Whether something is withheld. */
  boolean isWithholding() {
    return withheld;
  }

  /** The latest value of that name that was withheld; null when there is none. */
  String withheldValue(String name) {
    for (int i = namesAndValues.size() - 2; withheld && i >= 0; i -= 2) {
      String value = namesAndValues.get(i + 1);
      if (namesAndValues.get(i).equalsIgnoreCase(name) && mayBeWithheld(name, value)) {
        return value;
      }
    }
    return null;
  }

  /** Those properties, and what was withheld. */
  Map<String, List<String>> withWithheld(Map<String, List<String>> properties) {
    if (!withheld) {
      return properties;
    }
    Map<String, List<String>> all = new LinkedHashMap<>(properties);
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      String name = namesAndValues.get(i);
      if (mayBeWithheld(name, namesAndValues.get(i + 1))) {
        List<String> values = new ArrayList<>(all.getOrDefault(name, Collections.emptyList()));
        values.add(namesAndValues.get(i + 1));
        all.put(name, Collections.unmodifiableList(values));
      }
    }
    return Collections.unmodifiableMap(all);
  }

  /**
   * Restricted headers such as Host are dropped silently by the JDK; credentials are only hidden.
   */
  private boolean kept(String name) {
    return name.equalsIgnoreCase("Authorization")
        || name.equalsIgnoreCase("Proxy-Authorization")
        || Headers.isForFlyball(name)
        || original.getRequestProperty(name) != null;
  }

  void connectTimeoutSet(int millis) {
    connectTimeout = millis;
  }

  void readTimeoutSet(int millis) {
    readTimeout = millis;
  }

  void chunkLengthSet(int bytes) {
    chunkLength = bytes;
  }

  void fixedLengthSet(long bytes) {
    fixedLength = bytes;
  }

  void authenticatorSet(Authenticator newAuthenticator) {
    authenticator = newAuthenticator;
  }

  /** Bytes announced with {@code setFixedLengthStreamingMode}, or -1. */
  long fixedLength() {
    return fixedLength;
  }

  /** Whether the body is written to the wire while the application writes it. */
  boolean isStreaming() {
    return fixedLength >= 0 || chunkLength != -1;
  }

  /**
   * Whether {@link #headers} says it all: a header without a value cannot be described, and with
   * {@code Expect} the server answers before the body is known.
   */
  boolean isDescribable() {
    return describable && original.getRequestProperty("Expect") == null;
  }

  /** All but those without a value. */
  Headers headers() {
    if (describable) {
      return Headers.of(namesAndValues.toArray(new String[0]));
    }
    List<String> valued = new ArrayList<>();
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      if (namesAndValues.get(i + 1) != null) {
        valued.add(namesAndValues.get(i));
        valued.add(namesAndValues.get(i + 1));
      }
    }
    return Headers.of(valued.toArray(new String[0]));
  }

  /**
   * Makes a fresh connection like the application's.
   *
   * @param foreign to another host. There the connection's TLS settings, host name check and
   *     authenticator are not used: they were given for one host. What the JVM has by default is;
   *     its socket factory cannot be parted into trust and client certificate. Redirects are not
   *     followed
   */
  void applyTo(
      HttpURLConnection fresh, String method, Headers headers, byte[] body, boolean foreign)
      throws ProtocolException {
    fresh.setRequestMethod(method);
    fresh.setDoOutput(original.getDoOutput() || body.length > 0);
    fresh.setUseCaches(original.getUseCaches());
    fresh.setAllowUserInteraction(original.getAllowUserInteraction());
    fresh.setIfModifiedSince(original.getIfModifiedSince());
    fresh.setInstanceFollowRedirects(!foreign && original.getInstanceFollowRedirects());
    if (connectTimeout >= 0) {
      fresh.setConnectTimeout(connectTimeout);
    }
    if (readTimeout >= 0) {
      fresh.setReadTimeout(readTimeout);
    }
    if (fixedLength >= 0) {
      fresh.setFixedLengthStreamingMode((long) body.length);
    } else if (chunkLength != -1) {
      fresh.setChunkedStreamingMode(chunkLength);
    }
    for (int i = 0; i < headers.size(); i++) {
      if (!foreign || !headers.name(i).equalsIgnoreCase("Host")) {
        fresh.addRequestProperty(headers.name(i), headers.value(i));
      }
    }
    if (!foreign) {
      if (authenticator != null) {
        NewerMethods.setAuthenticator(fresh, authenticator);
      }
      if (original instanceof HttpsURLConnection && fresh instanceof HttpsURLConnection) {
        HttpsURLConnection from = (HttpsURLConnection) original;
        HttpsURLConnection to = (HttpsURLConnection) fresh;
        to.setSSLSocketFactory(from.getSSLSocketFactory());
        to.setHostnameVerifier(from.getHostnameVerifier());
      }
    }
  }
}
