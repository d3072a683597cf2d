package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.Headers;
import java.net.URI;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHttpRequest;

/**
 * The request of one attempt. Its type says that it is governed already, and cancelling it ends the
 * attempt alone: a client that executes a request gives it what it has to cancel, be it the wait
 * for a connection or the connection itself.
 */
final class AttemptRequest extends HttpUriRequestBase {
  private static final long serialVersionUID = 1L;

  private AttemptRequest(String method, URI uri) {
    super(method, uri);
  }

  /** All that stands in that request, but what is said to Flyball where that is taken off. */
  static AttemptRequest of(ClassicHttpRequest original, URI uri, boolean withoutFlyballs) {
    AttemptRequest copy = new AttemptRequest(original.getMethod(), uri);
    copy.setScheme(original.getScheme());
    copy.setAuthority(original.getAuthority());
    copy.setPath(original.getPath());
    copy.setVersion(original.getVersion());
    if (original instanceof BasicHttpRequest) {
      AbsoluteUris.copy((BasicHttpRequest) original, copy);
    }
    for (Header header : original.getHeaders()) {
      if (!withoutFlyballs || !Headers.isForFlyball(header.getName())) {
        copy.addHeader(header);
      }
    }
    copy.setEntity(original.getEntity());
    if (original instanceof Configurable) {
      copy.setConfig(((Configurable) original).getConfig());
    }
    return copy;
  }
}
