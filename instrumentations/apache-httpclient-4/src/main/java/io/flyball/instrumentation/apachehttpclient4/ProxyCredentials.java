package io.flyball.instrumentation.apachehttpclient4;

import org.apache.http.HttpHost;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.Credentials;
import org.apache.http.client.CredentialsProvider;

/** Of the application's credentials those for the proxy that the thread's attempt goes through. */
final class ProxyCredentials implements CredentialsProvider {
  private static final ThreadLocal<HttpHost> TARGET = new ThreadLocal<>();

  private final CredentialsProvider application;

  ProxyCredentials(CredentialsProvider application) {
    this.application = application;
  }

  /** From now on this thread's attempt goes to that host; null for nowhere. */
  static void goesTo(HttpHost target) {
    if (target == null) {
      TARGET.remove();
    } else {
      TARGET.set(target);
    }
  }

  @Override
  public Credentials getCredentials(AuthScope scope) {
    HttpHost target = TARGET.get();
    boolean isProxy =
        target != null
            && !(target.getHostName().equalsIgnoreCase(scope.getHost())
                && Asked.port(target) == portOf(scope, target));
    return isProxy ? application.getCredentials(scope) : null;
  }

  private static int portOf(AuthScope scope, HttpHost target) {
    return scope.getPort() >= 0 ? scope.getPort() : Asked.port(target);
  }

  @Override
  public void setCredentials(AuthScope scope, Credentials credentials) {}

  @Override
  public void clear() {}
}
