package io.flyball.instrumentation.httpurlconnection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import java.security.Permission;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;

/**
 * A {@link GovernedHttpUrlConnection} in the type that applications cast https connections to. Adds
 * what is about TLS, which is asked of the real connection.
 */
final class GovernedHttpsUrlConnection extends HttpsURLConnection {
  /** Named like the field that Jersey and others look for; see there. */
  private final GovernedHttpUrlConnection delegate;

  /** What the inherited field {@code method} held when it was last compared. */
  private String knownMethod = method;

  GovernedHttpsUrlConnection(URL url, GovernedHttpUrlConnection delegate) {
    super(url);
    this.delegate = delegate;
  }

  private GovernedHttpUrlConnection delegate() {
    if (!method.equals(knownMethod)) {
      knownMethod = method;
      delegate.forceMethod(method);
    }
    return delegate;
  }

  private HttpsURLConnection settings() {
    return (HttpsURLConnection) delegate.delegate();
  }

  private HttpsURLConnection answering() {
    HttpURLConnection answering = delegate.answering();
    return answering instanceof HttpsURLConnection ? (HttpsURLConnection) answering : settings();
  }

  @Override
  public void setSSLSocketFactory(SSLSocketFactory factory) {
    settings().setSSLSocketFactory(factory);
  }

  @Override
  public SSLSocketFactory getSSLSocketFactory() {
    return settings().getSSLSocketFactory();
  }

  @Override
  public void setHostnameVerifier(HostnameVerifier verifier) {
    settings().setHostnameVerifier(verifier);
  }

  @Override
  public HostnameVerifier getHostnameVerifier() {
    return settings().getHostnameVerifier();
  }

  @Override
  public String getCipherSuite() {
    return answering().getCipherSuite();
  }

  @Override
  public Certificate[] getLocalCertificates() {
    return answering().getLocalCertificates();
  }

  @Override
  public Certificate[] getServerCertificates() throws SSLPeerUnverifiedException {
    return answering().getServerCertificates();
  }

  @Override
  public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
    return answering().getPeerPrincipal();
  }

  @Override
  public Principal getLocalPrincipal() {
    return answering().getLocalPrincipal();
  }

  /** Overrides a method that exists since Java 12. */
  @SuppressWarnings("MissingOverride")
  public Optional<SSLSession> getSSLSession() {
    return NewerMethods.sslSession(answering());
  }

  @Override
  public void connect() throws IOException {
    delegate().connect();
  }

  @Override
  public void disconnect() {
    responseCode = -1;
    delegate.disconnect();
  }

  @Override
  public int getResponseCode() throws IOException {
    return delegate().getResponseCode();
  }

  @Override
  public String getResponseMessage() throws IOException {
    return delegate().getResponseMessage();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return delegate().getOutputStream();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return delegate().getInputStream();
  }

  @Override
  public InputStream getErrorStream() {
    return delegate.getErrorStream();
  }

  @Override
  public String getHeaderField(String name) {
    return delegate().getHeaderField(name);
  }

  @Override
  public String getHeaderField(int n) {
    return delegate().getHeaderField(n);
  }

  @Override
  public String getHeaderFieldKey(int n) {
    return delegate().getHeaderFieldKey(n);
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    return delegate().getHeaderFields();
  }

  @Override
  public URL getURL() {
    return delegate.getURL();
  }

  @Override
  public boolean usingProxy() {
    return delegate.usingProxy();
  }

  @Override
  public Permission getPermission() throws IOException {
    return delegate.getPermission();
  }

  @Override
  public String getRequestMethod() {
    return delegate().getRequestMethod();
  }

  @Override
  public void setRequestMethod(String newMethod) throws ProtocolException {
    delegate.setRequestMethod(newMethod);
    method = newMethod;
    knownMethod = newMethod;
  }

  @Override
  public String getRequestProperty(String name) {
    return delegate.getRequestProperty(name);
  }

  @Override
  public Map<String, List<String>> getRequestProperties() {
    return delegate.getRequestProperties();
  }

  @Override
  public void setRequestProperty(String name, String value) {
    delegate.setRequestProperty(name, value);
  }

  @Override
  public void addRequestProperty(String name, String value) {
    delegate.addRequestProperty(name, value);
  }

  @Override
  public void setFixedLengthStreamingMode(int length) {
    delegate.setFixedLengthStreamingMode(length);
  }

  @Override
  public void setFixedLengthStreamingMode(long length) {
    delegate.setFixedLengthStreamingMode(length);
  }

  @Override
  public void setChunkedStreamingMode(int length) {
    delegate.setChunkedStreamingMode(length);
  }

  /** Overrides a method that exists since Java 9. */
  @SuppressWarnings("MissingOverride")
  public void setAuthenticator(Authenticator authenticator) {
    delegate.setAuthenticator(authenticator);
  }

  @Override
  public void setConnectTimeout(int millis) {
    delegate.setConnectTimeout(millis);
  }

  @Override
  public int getConnectTimeout() {
    return delegate.getConnectTimeout();
  }

  @Override
  public void setReadTimeout(int millis) {
    delegate.setReadTimeout(millis);
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
    delegate.setDoInput(input);
  }

  @Override
  public boolean getDoInput() {
    return delegate.getDoInput();
  }

  @Override
  public void setDoOutput(boolean output) {
    delegate.setDoOutput(output);
  }

  @Override
  public boolean getDoOutput() {
    return delegate.getDoOutput();
  }

  @Override
  public void setUseCaches(boolean use) {
    delegate.setUseCaches(use);
  }

  @Override
  public boolean getUseCaches() {
    return delegate.getUseCaches();
  }

  @Override
  public void setAllowUserInteraction(boolean allow) {
    delegate.setAllowUserInteraction(allow);
  }

  @Override
  public boolean getAllowUserInteraction() {
    return delegate.getAllowUserInteraction();
  }

  @Override
  public void setIfModifiedSince(long time) {
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
