package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.URL;
import java.security.Permission;
import java.util.List;
import java.util.Map;

/**
 * What the application holds instead of the JDK's connection. Settings go to the JDK's connection,
 * which accepts or refuses them; what needs the response goes to the {@link Exchange}. Everything
 * derived from these (status, content type, dates, content) is inherited.
 */
final class GovernedHttpUrlConnection extends HttpURLConnection {
  /**
   * The JDK's connection. Jersey and others that need PATCH look for a field of this name and set
   * the field {@code method} of what is in it.
   */
  private final HttpURLConnection delegate;

  private final Exchange exchange;
  private final RequestSettings settings;

  /** What the inherited field {@code method} held when it was last compared. */
  private String knownMethod = method;

  GovernedHttpUrlConnection(
      URL url,
      HttpURLConnection delegate,
      Proxy proxy,
      Gateway gateway,
      RealConnections connections) {
    super(url);
    this.delegate = delegate;
    this.exchange = new Exchange(gateway, connections, url, delegate, proxy);
    this.settings = exchange.settings();
  }

  /** The real connection that the answer came over, or will come over. */
  HttpURLConnection answering() {
    return exchange.answering();
  }

  /** The JDK's connection for settings. */
  HttpURLConnection delegate() {
    return delegate;
  }

  /** Sets a method that may not be one the JDK allows. */
  void forceMethod(String newMethod) {
    method = newMethod;
    noticeForcedMethod();
  }

  private void noticeForcedMethod() {
    if (!method.equals(knownMethod)) {
      knownMethod = method;
      RequestMethods.force(delegate, method);
    }
  }

  private Exchange exchange() {
    noticeForcedMethod();
    return exchange;
  }

  private void requireSettingUp(String otherwise) {
    if (exchange.isBegun()) {
      throw new IllegalStateException(otherwise);
    }
  }

  private void requireNotConnected() {
    requireSettingUp("Already connected");
  }

  @Override
  public void connect() throws IOException {
    exchange().connect();
  }

  @Override
  public void disconnect() {
    responseCode = -1;
    exchange.disconnect();
  }

  /** The JDK's connection knows it also when it can be asked for nothing else any more. */
  @Override
  public int getResponseCode() throws IOException {
    HttpURLConnection passedTo = exchange().passedTo();
    return passedTo == null ? super.getResponseCode() : passedTo.getResponseCode();
  }

  @Override
  public String getResponseMessage() throws IOException {
    HttpURLConnection passedTo = exchange().passedTo();
    return passedTo == null ? super.getResponseMessage() : passedTo.getResponseMessage();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return exchange().output();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return exchange().input();
  }

  @Override
  public InputStream getErrorStream() {
    return exchange.errorStream();
  }

  @Override
  public String getHeaderField(String name) {
    return exchange().headerField(name);
  }

  @Override
  public String getHeaderField(int n) {
    return exchange().headerField(n);
  }

  @Override
  public String getHeaderFieldKey(int n) {
    return exchange().headerFieldKey(n);
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    return exchange().headerFields();
  }

  @Override
  public URL getURL() {
    return exchange.current().getURL();
  }

  @Override
  public boolean usingProxy() {
    return exchange.current().usingProxy();
  }

  @Override
  public Permission getPermission() throws IOException {
    return exchange.current().getPermission();
  }

  @Override
  public String getRequestMethod() {
    return exchange().current().getRequestMethod();
  }

  @Override
  public void setRequestMethod(String newMethod) throws ProtocolException {
    requireSettingUp("connect in progress");
    delegate.setRequestMethod(newMethod);
    method = newMethod;
    knownMethod = newMethod;
  }

  @Override
  public String getRequestProperty(String name) {
    String withheld = settings.withheldValue(name);
    return withheld != null ? withheld : exchange.current().getRequestProperty(name);
  }

  @Override
  public Map<String, List<String>> getRequestProperties() {
    requireNotConnected();
    return settings.withWithheld(delegate.getRequestProperties());
  }

  @Override
  public void setRequestProperty(String name, String value) {
    requireNotConnected();
    if (exchange.withholds(name, value)) {
      settings.withheld(name, value, false);
      return;
    }
    delegate.setRequestProperty(name, value);
    settings.headerSet(name, value);
  }

  @Override
  public void addRequestProperty(String name, String value) {
    requireNotConnected();
    if (exchange.withholds(name, value)) {
      settings.withheld(name, value, true);
      return;
    }
    delegate.addRequestProperty(name, value);
    settings.headerAdded(name, value);
  }

  @Override
  public void setFixedLengthStreamingMode(int length) {
    requireNotConnected();
    delegate.setFixedLengthStreamingMode(length);
    settings.fixedLengthSet(length);
  }

  @Override
  public void setFixedLengthStreamingMode(long length) {
    requireNotConnected();
    delegate.setFixedLengthStreamingMode(length);
    settings.fixedLengthSet(length);
  }

  @Override
  public void setChunkedStreamingMode(int length) {
    requireSettingUp("Can't set streaming mode: already connected");
    delegate.setChunkedStreamingMode(length);
    settings.chunkLengthSet(length);
  }

  /** Overrides a method that exists since Java 9. */
  @SuppressWarnings("MissingOverride")
  public void setAuthenticator(Authenticator authenticator) {
    requireSettingUp("Authenticator must be set before connecting");
    NewerMethods.setAuthenticator(delegate, authenticator);
    settings.authenticatorSet(authenticator);
  }

  @Override
  public void setConnectTimeout(int millis) {
    delegate.setConnectTimeout(millis);
    settings.connectTimeoutSet(millis);
  }

  @Override
  public int getConnectTimeout() {
    return delegate.getConnectTimeout();
  }

  @Override
  public void setReadTimeout(int millis) {
    delegate.setReadTimeout(millis);
    settings.readTimeoutSet(millis);
  }

  @Override
  public int getReadTimeout() {
    return delegate.getReadTimeout();
  }

  @Override
  public void setInstanceFollowRedirects(boolean follow) {
    delegate.setInstanceFollowRedirects(follow);
  }

  @Override
  public boolean getInstanceFollowRedirects() {
    return delegate.getInstanceFollowRedirects();
  }

  @Override
  public void setDoInput(boolean input) {
    requireNotConnected();
    delegate.setDoInput(input);
  }

  @Override
  public boolean getDoInput() {
    return delegate.getDoInput();
  }

  @Override
  public void setDoOutput(boolean output) {
    requireNotConnected();
    delegate.setDoOutput(output);
  }

  @Override
  public boolean getDoOutput() {
    return delegate.getDoOutput();
  }

  @Override
  public void setUseCaches(boolean use) {
    requireNotConnected();
    delegate.setUseCaches(use);
  }

  @Override
  public boolean getUseCaches() {
    return delegate.getUseCaches();
  }

  @Override
  public void setAllowUserInteraction(boolean allow) {
    requireNotConnected();
    delegate.setAllowUserInteraction(allow);
  }

  @Override
  public boolean getAllowUserInteraction() {
    return delegate.getAllowUserInteraction();
  }

  @Override
  public void setIfModifiedSince(long time) {
    requireNotConnected();
    delegate.setIfModifiedSince(time);
  }

  @Override
  public long getIfModifiedSince() {
    return delegate.getIfModifiedSince();
  }

  @Override
  public String toString() {
    return delegate.toString();
  }
}
