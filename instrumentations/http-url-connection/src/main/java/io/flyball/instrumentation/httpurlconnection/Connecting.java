package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.Gateway;
import io.flyball.wire.WireRequest;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Makes the connection where the application has it made. It is not tried again there: a connection
 * of the JDK that has failed to connect may take itself for connected when it is asked once more,
 * and would then send without TLS what was meant for an {@code https} URL. Whether it was a model
 * call that could not be made is told, once.
 */
final class Connecting {

  /** What has the JDK connect. */
  interface Step {
    void run() throws IOException;
  }

  private final Gateway gateway;
  private boolean told;

  Connecting(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * @param head what is known of the request; asked only after a failure
   * @throws IOException what the JDK throws
   */
  void connect(Step step, Supplier<WireRequest> head) throws IOException {
    try {
      step.run();
    } catch (IOException failure) {
      if (!told) {
        told = true;
        tell(head, failure);
      }
      throw failure;
    }
  }

  private void tell(Supplier<WireRequest> head, IOException failure) {
    WireRequest request;
    try {
      request = head.get();
    } catch (RuntimeException noRequest) {
      gateway.internalError("http-url-connection", noRequest);
      return;
    }
    gateway.notConnected(request, failure);
  }
}
