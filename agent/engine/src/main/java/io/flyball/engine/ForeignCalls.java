package io.flyball.engine;

import io.flyball.engine.client.ClientLibraries;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.provider.ForeignFormats;
import io.flyball.wire.WireRequest;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Requests that look like model calls in formats that Flyball cannot read. The first few of each
 * are looked at, to say where they go; those after them cost a comparison of their path. Thread
 * safe.
 */
final class ForeignCalls {
  private static final int LOOKS = 16;

  private final ClientLibraries clients;
  private final AtomicIntegerArray looksLeft = new AtomicIntegerArray(ForeignFormats.count());

  /**
   * @param clients told of them; null: nobody is
   */
  ForeignCalls(ClientLibraries clients) {
    this.clients = clients;
    for (int i = 0; i < looksLeft.length(); i++) {
      looksLeft.set(i, clients == null ? 0 : LOOKS);
    }
  }

  /** Whether {@link #tell} wants to see a request of that path. Allocates nothing. */
  boolean mayMatch(String method, String path) {
    if (method != null && !method.equals("POST")) {
      return false;
    }
    int format = ForeignFormats.at(path);
    return format >= 0 && looksLeft.get(format) > 0;
  }

  /**
   * A request that was not recognised.
   *
   * @param atEndpoint what is known of it where it may be a call to an endpoint that was declared;
   *     else null
   */
  void tell(WireRequest request, Recogniser recogniser, RequestFacts atEndpoint) {
    String path = request.uri().getRawPath();
    int format = path == null || !request.method().equals("POST") ? -1 : ForeignFormats.at(path);
    if (clients == null || request.host() == null) {
      return;
    }
    if (format >= 0) {
      tell(format, request.method(), request.host(), request.port(), path, recogniser);
    } else if (atEndpoint != null) {
      // What of its path is no secret is not known.
      clients.unknownFormat(
          "endpoint " + atEndpoint.endpointName(),
          request.method(),
          request.host(),
          request.port(),
          "/...",
          true);
    }
  }

  /**
   * The same of one that is told by its head, and whose body nobody reads: {@link #mayMatch} has
   * said yes.
   *
   * @param method not null
   */
  void tell(String method, String host, int port, String path, Recogniser recogniser) {
    int format = ForeignFormats.at(path);
    if (format >= 0 && host != null) {
      tell(format, method, host, port, path, recogniser);
    }
  }

  private void tell(
      int format, String method, String host, int port, String path, Recogniser recogniser) {
    if (looksLeft.decrementAndGet(format) >= 0) {
      clients.unknownFormat(
          ForeignFormats.name(format),
          method,
          host,
          port,
          ForeignFormats.shape(format, path),
          recogniser.isModelHost(host, port));
    }
  }
}
