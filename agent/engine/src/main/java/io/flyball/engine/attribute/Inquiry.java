package io.flyball.engine.attribute;

import io.flyball.wire.WireRequest;
import java.util.Map;

/** What the sources are asked about: one call. Its body is read when a source first wants it. */
final class Inquiry {
  private final WireRequest request;
  private final Origin origin;
  private final BodyFields wanted;
  private Map<String, String> fields;

  Inquiry(WireRequest request, Origin origin, BodyFields wanted) {
    this.request = request;
    this.origin = origin;
    this.wanted = wanted;
  }

  Origin origin() {
    return origin;
  }

  String header(String name) {
    return request.headers().first(name);
  }

  /** Of the request itself before that of the thread that makes it. */
  String baggage(String key) {
    for (String header : request.headers().all(Baggage.HEADER)) {
      String value = Baggage.inHeader(header, key);
      if (value != null) {
        return value;
      }
    }
    return origin.baggage(key);
  }

  String field(String path) {
    if (fields == null) {
      fields = wanted.in(request.body());
    }
    return fields.get(path);
  }
}
