package io.flyball.engine.net;

import io.flyball.wire.HostAndPort;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * The way to an address, as the JDK's HTTP client would take it: the JVM's proxies, trust and
 * verifier of names. The JVM's authenticator is asked for a proxy's password, and for nothing else.
 */
final class HttpRoute {
  static final int PROXY_WANTS_LOGIN = 407;
  private static final String STRICT = "javax.net.ssl.HttpsURLConnection.DefaultHostnameVerifier";
  private static final Pattern BASIC =
      Pattern.compile(
          "(?:^|[\\s,])Basic(?:\\s.*?realm\\s*=\\s*\"?([^\",]*)|\\s|,|$)",
          Pattern.CASE_INSENSITIVE);

  private final URI address;
  private final SSLContext trusted;
  private final boolean tls;
  private final String host;
  private final int port;
  private volatile String login;

  HttpRoute(URI address, SSLContext trusted) throws MalformedURLException {
    this.address = address;
    this.trusted = trusted;
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    this.tls = scheme.equals("https");
    this.host = HostAndPort.host(address);
    if ((!tls && !scheme.equals("http")) || host == null) {
      throw new MalformedURLException("no address of HTTP");
    }
    int written = HostAndPort.port(address);
    this.port = written < 0 ? usualPort() : written;
  }

  /**
   * Connects.
   *
   * @param current is told of each link before it connects, so that it can be cut
   */
  HttpLink open(int connectMillis, int readMillis, AtomicReference<HttpLink> current)
      throws IOException {
    IOException failure = null;
    for (Proxy proxy : proxies()) {
      try {
        return open(proxy, connectMillis, readMillis, current);
      } catch (IOException e) {
        if (proxy.type() == Proxy.Type.DIRECT) {
          throw e;
        }
        ProxySelector.getDefault().connectFailed(address, proxy.address(), e);
        failure = e;
      }
    }
    throw failure;
  }

  private List<Proxy> proxies() {
    ProxySelector selector = ProxySelector.getDefault();
    List<Proxy> proxies = selector == null ? null : selector.select(address);
    return proxies == null || proxies.isEmpty()
        ? Collections.singletonList(Proxy.NO_PROXY)
        : proxies;
  }

  private HttpLink open(
      Proxy proxy, int connectMillis, int readMillis, AtomicReference<HttpLink> current)
      throws IOException {
    HttpLink link = connect(proxy, connectMillis, readMillis, current);
    if (!tls) {
      boolean proxied = proxy.type() == Proxy.Type.HTTP;
      String file = file();
      link.connected(
          link.base(),
          proxied ? "http://" + hostHeader() + file : file,
          "Host: " + hostHeader() + "\r\n" + (proxied ? loginField() : ""));
      return link;
    }
    HostnameVerifier verifier = HttpsURLConnection.getDefaultHostnameVerifier();
    boolean strict = STRICT.equals(verifier.getClass().getCanonicalName());
    try {
      secure(link, null);
      return link;
    } catch (SSLException e) {
      if (strict) {
        throw e;
      }
      link.cut();
    }
    // Who verifies names is the application's, and asked where the JDK would not take one.
    link = connect(proxy, connectMillis, readMillis, current);
    secure(link, verifier);
    return link;
  }

  /** The base, and through a proxy the tunnel. */
  private HttpLink connect(
      Proxy proxy, int connectMillis, int readMillis, AtomicReference<HttpLink> current)
      throws IOException {
    HttpLink link = connectBase(proxy, connectMillis, readMillis, current);
    if (!tls || proxy.type() != Proxy.Type.HTTP) {
      return link;
    }
    HttpHead head = askForTunnel(link);
    if (head.status() == PROXY_WANTS_LOGIN && logIn(proxy, head)) {
      link.cut();
      link = connectBase(proxy, connectMillis, readMillis, current);
      head = askForTunnel(link);
    }
    if (head.status() / 100 != 2) {
      throw new IOException("the proxy answered " + head.status());
    }
    return link;
  }

  private HttpLink connectBase(
      Proxy proxy, int connectMillis, int readMillis, AtomicReference<HttpLink> current)
      throws IOException {
    HttpLink link = new HttpLink(socket(proxy), proxy);
    HttpLink before = current.getAndSet(link);
    if (before != null) {
      before.cut();
    }
    link.base().setTcpNoDelay(true);
    link.base().setSoTimeout(readMillis);
    InetSocketAddress first;
    if (proxy.type() == Proxy.Type.HTTP) {
      InetSocketAddress named = (InetSocketAddress) proxy.address();
      first = new InetSocketAddress(named.getHostString(), named.getPort());
    } else if (proxy.type() == Proxy.Type.SOCKS) {
      first = InetSocketAddress.createUnresolved(bare(host), port);
    } else {
      first = new InetSocketAddress(bare(host), port);
    }
    link.base().connect(first, connectMillis);
    return link;
  }

  private static Socket socket(Proxy proxy) {
    switch (proxy.type()) {
      case SOCKS:
        return new Socket(proxy);
      case HTTP:
        return new Socket(Proxy.NO_PROXY);
      default:
        // May be sent through SOCKS by the JVM's settings.
        return new Socket();
    }
  }

  private HttpHead askForTunnel(HttpLink link) throws IOException {
    String to = host + ':' + port;
    String head =
        "CONNECT "
            + to
            + " HTTP/1.1\r\nHost: "
            + to
            + "\r\nUser-Agent: flyball\r\n"
            + loginField()
            + "\r\n";
    link.base().getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    return HttpHead.read(link.base().getInputStream());
  }

  /**
   * @param verifier null where the JDK verifies the name
   */
  private void secure(HttpLink link, HostnameVerifier verifier) throws IOException {
    SSLSocketFactory factory =
        trusted == null
            ? HttpsURLConnection.getDefaultSSLSocketFactory()
            : trusted.getSocketFactory();
    Socket made = factory.createSocket(link.base(), bare(host), port, true);
    if (!(made instanceof SSLSocket)) {
      throw new SocketException("the JVM's maker of TLS sockets makes others");
    }
    SSLSocket socket = (SSLSocket) made;
    SSLParameters parameters = socket.getSSLParameters();
    String[] protocols = property("https.protocols");
    if (protocols != null) {
      parameters.setProtocols(protocols);
    }
    String[] suites = property("https.cipherSuites");
    if (suites != null) {
      parameters.setCipherSuites(suites);
    }
    if (verifier == null) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    if (verifier != null && !verifier.verify(host, socket.getSession())) {
      throw new SSLPeerUnverifiedException("the certificate is another's");
    }
    link.connected(socket, file(), "Host: " + hostHeader() + "\r\n");
  }

  private static String[] property(String name) {
    String value = System.getProperty(name);
    return value == null || value.isEmpty() ? null : value.trim().split("\\s*,\\s*");
  }

  /** Whether another attempt makes sense. */
  boolean logIn(HttpLink link, HttpPosts.Answer answer) {
    return link.proxy().type() == Proxy.Type.HTTP && !tls && logIn(link.proxy(), answer.head());
  }

  /** As the JDK's client: the JVM's authenticator is asked, where the scheme is not disabled. */
  private boolean logIn(Proxy proxy, HttpHead refusal) {
    String before = login;
    login = null;
    for (String challenge : refusal.headers("Proxy-Authenticate")) {
      Matcher basic = BASIC.matcher(challenge);
      if (basic.find() && !isDisabled()) {
        InetSocketAddress at = (InetSocketAddress) proxy.address();
        PasswordAuthentication password =
            Authenticator.requestPasswordAuthentication(
                at.getHostString(),
                at.getAddress(),
                at.getPort(),
                tls ? "https" : "http",
                basic.group(1) == null ? "" : basic.group(1),
                "basic",
                url(),
                Authenticator.RequestorType.PROXY);
        if (password != null) {
          String plain = password.getUserName() + ':' + new String(password.getPassword());
          String bytes =
              Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.ISO_8859_1));
          login = "Proxy-Authorization: Basic " + bytes + "\r\n";
        }
      }
    }
    return login != null && !login.equals(before);
  }

  private boolean isDisabled() {
    String schemes =
        tls
            ? System.getProperty("jdk.http.auth.tunneling.disabledSchemes", "Basic")
            : System.getProperty("jdk.http.auth.proxying.disabledSchemes", "");
    for (String scheme : schemes.split(",")) {
      if (scheme.trim().equalsIgnoreCase("basic")) {
        return true;
      }
    }
    return false;
  }

  private String loginField() {
    String known = login;
    return known == null ? "" : known;
  }

  private String file() {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String file = address.getRawQuery() == null ? path : path + '?' + address.getRawQuery();
    return file.isEmpty() || file.charAt(0) != '/' ? '/' + file : file;
  }

  /** Null where it is none to the JDK. */
  private URL url() {
    try {
      return address.toURL();
    } catch (MalformedURLException e) {
      return null;
    }
  }

  private int usualPort() {
    return tls ? 443 : 80;
  }

  private String hostHeader() {
    return port == usualPort() ? host : host + ':' + port;
  }

  /** Of an IPv6 address without its brackets. */
  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
