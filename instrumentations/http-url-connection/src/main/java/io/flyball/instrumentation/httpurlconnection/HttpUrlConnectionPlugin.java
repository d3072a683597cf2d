package io.flyball.instrumentation.httpurlconnection;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;

/** Puts a governed connection in the place of one whose URL may be that of a model call. */
public final class HttpUrlConnectionPlugin implements Plugin {
  private final Gateway gateway;
  private final RealConnections connections = new RealConnections();

  public HttpUrlConnectionPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (hook.equals(HttpUrlConnectionInstrumentation.SOCKET)) {
      connections.socketInUse((Socket) arguments[0]);
      return connections.isRepeating() ? Outcome.value(null) : null;
    }
    boolean leaveUnasked =
        hook.equals(HttpUrlConnectionInstrumentation.PASSWORD)
            && arguments[arguments.length - 1] == Authenticator.RequestorType.SERVER
            && connections.isWorkingForStrangers();
    return leaveUnasked ? Outcome.value(null) : null;
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    if (hook.equals(HttpUrlConnectionInstrumentation.SOCKET)) {
      connections.socketInUse((Socket) result);
      return null;
    }
    if (hook.equals(HttpUrlConnectionInstrumentation.COOKIES)) {
      return connections.isOpeningForStrangers() ? Outcome.value(null) : null;
    }
    if (connections.isOpening() || !(result instanceof HttpURLConnection)) {
      return null;
    }
    URL url = (URL) arguments[0];
    int port = url.getPort() >= 0 ? url.getPort() : url.getDefaultPort();
    if (!gateway.mayGovern(null, url.getHost(), port, url.getPath())
        && !gateway.takesOwnHeadersOff(null, url.getHost(), port, url.getPath())) {
      return null;
    }
    GovernedHttpUrlConnection governed =
        new GovernedHttpUrlConnection(
            url, (HttpURLConnection) result, (Proxy) arguments[1], gateway, connections);
    return Outcome.value(
        result instanceof HttpsURLConnection
            ? new GovernedHttpsUrlConnection(url, governed)
            : governed);
  }
}
