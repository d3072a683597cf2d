package io.flyball.instrumentation.apachehttpclient5;

import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * The client looks for a status line in what it is sent until there is no more, and says of a
 * server that sent something else what it says of one that sent nothing. Who sends something else
 * sends it again, and is not to be asked again.
 */
final class Unanswered {

  private Unanswered() {}

  /** Names the cause of that failure, where it is known: on a connection's first request it is. */
  static void tellGarbage(NoHttpResponseException failure, HttpContext context) {
    EndpointDetails connection = HttpClientContext.adapt(context).getEndpointDetails();
    if (connection != null
        && connection.getRequestCount() <= 1
        && connection.getReceivedBytesCount() > 0
        && failure.getCause() == null) {
      ProtocolException garbage = new ProtocolException("The answer is no HTTP");
      garbage.setStackTrace(failure.getStackTrace());
      failure.initCause(garbage);
    }
  }
}
