package io.flyball.engine;

import io.flyball.engine.pipeline.Pipeline;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.wire.RequestEncoding;
import io.flyball.wire.WireRequest;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;

/** Settings with what is made of them once. Immutable. */
final class Snapshot {
  final EngineSettings settings;
  final Recogniser recogniser;
  final Pipeline pipeline;

  /** Of calls that no policy may touch. */
  final Pipeline bypassing;

  /** Of calls whose request cannot be read. */
  final Pipeline unread;

  /** Of calls that are known by their bodies alone. */
  final Pipeline guarding;

  Snapshot(
      EngineSettings settings,
      Pipeline pipeline,
      Pipeline bypassing,
      Pipeline unread,
      Pipeline guarding) {
    this.guarding = guarding;
    this.settings = settings;
    this.recogniser = settings.recogniser();
    this.pipeline = pipeline;
    this.bypassing = bypassing;
    this.unread = unread;
  }

  /** 0 for a call that is not captured. */
  int captureCharacters() {
    double share = settings.captureShare();
    return share > 0 && ThreadLocalRandom.current().nextDouble() < share
        ? settings.captureCharacters()
        : 0;
  }

  /** Null for what is no model call. */
  RequestFacts recognise(WireRequest request) {
    RequestHead head = head(request);
    return head == null ? null : recogniser.recognise(head, request.body());
  }

  /** As far as address and headers tell; null for what is no model call by them. */
  RequestFacts recogniseUnread(WireRequest request) {
    RequestHead head = head(request);
    return head == null ? null : recogniser.recogniseUnread(head);
  }

  /** What may be a call to an endpoint that was declared; null for all else. */
  RequestFacts recogniseUnknown(WireRequest request) {
    RequestHead head = head(request);
    byte[] body = isReadable(request) ? request.body() : null;
    return head == null ? null : recogniser.recogniseUnknown(head, body);
  }

  static boolean isReadable(WireRequest request) {
    return request.unreadBecause() == null
        && (request.isEncoded() || RequestEncoding.of(request.headers()).isEmpty());
  }

  /** Null for an address that is none. */
  private static RequestHead head(WireRequest request) {
    URI uri = request.uri();
    String host = request.host();
    if (host == null || uri.getScheme() == null) {
      return null;
    }
    String path = uri.getRawPath();
    return new RequestHead(
        request.method(),
        uri.getScheme(),
        host,
        request.port(),
        path == null ? "" : path,
        uri.getRawQuery(),
        request.headers()::first,
        request.headers()::all);
  }
}
