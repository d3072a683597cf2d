package io.flyball.instrumentation.testing;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** The client under test, as an application uses it: only its public API. */
public interface GovernedClient extends Closeable {

  /**
   * Sends and returns when the head of the response is there, in the client's blocking form.
   *
   * @throws IOException what the client throws
   */
  OpenReply open(Outgoing request) throws IOException, InterruptedException;

  /**
   * Sends in the client's asynchronous form; completes when the head is there, exceptionally with
   * what the client reports. Cancelling the future cancels the exchange as an application would.
   */
  CompletableFuture<OpenReply> openAsync(Outgoing request);

  /** Sends and reads the whole answer. */
  default Reply send(Outgoing request) throws IOException, InterruptedException {
    try (OpenReply open = open(request)) {
      return open.whole();
    }
  }
}
