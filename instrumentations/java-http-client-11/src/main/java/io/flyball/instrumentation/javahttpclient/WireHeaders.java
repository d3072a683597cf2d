package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.Headers;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The client's headers to the engine's and back. */
final class WireHeaders {

  private WireHeaders() {}

  static Headers fromClient(HttpHeaders headers) {
    Headers.Builder builder = Headers.builder(headers.map().size());
    for (Map.Entry<String, List<String>> entry : headers.map().entrySet()) {
      for (String value : entry.getValue()) {
        builder.add(entry.getKey(), value);
      }
    }
    return builder.build();
  }

  /** Whether there is one that is said to Flyball. */
  static boolean saySomethingToFlyball(HttpHeaders headers) {
    for (String name : headers.map().keySet()) {
      if (Headers.isForFlyball(name)) {
        return true;
      }
    }
    return false;
  }

  static HttpHeaders withoutFlyballs(HttpHeaders headers) {
    return HttpHeaders.of(headers.map(), (name, value) -> !Headers.isForFlyball(name));
  }

  static HttpHeaders toClient(Headers headers) {
    Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < headers.size(); i++) {
      values.computeIfAbsent(headers.name(i), name -> new ArrayList<>(1)).add(headers.value(i));
    }
    return HttpHeaders.of(values, (name, value) -> true);
  }
}
