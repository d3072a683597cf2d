package io.flyball.instrumentation.apachehttpclient4;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.protocol.HttpContext;

/**
 * The context of an attempt that must not write to the application's own: contexts are for one
 * thread at a time. What is set here can be copied there later.
 */
final class AttemptContext implements HttpContext {
  private final HttpContext application;
  private final Map<String, Object> own = new ConcurrentHashMap<>();

  /**
   * @param application where to look for what is not set here; null for nowhere
   */
  AttemptContext(HttpContext application) {
    this.application = application;
  }

  @Override
  public Object getAttribute(String id) {
    Object value = own.get(id);
    // The list of another attempt's redirects is cleared by whoever finds it.
    return value != null || application == null || id.equals(HttpClientContext.REDIRECT_LOCATIONS)
        ? value
        : application.getAttribute(id);
  }

  @Override
  public void setAttribute(String id, Object value) {
    if (value == null) {
      own.remove(id);
    } else {
      own.put(id, value);
    }
  }

  @Override
  public Object removeAttribute(String id) {
    return own.remove(id);
  }

  void copyTo(HttpContext context) {
    for (Map.Entry<String, Object> attribute : own.entrySet()) {
      context.setAttribute(attribute.getKey(), attribute.getValue());
    }
  }
}
