package io.flyball.engine.meter;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.provider.Providers;
import io.flyball.wire.WireRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which endpoints end their streams with the protocol's last event. A stream that ends without it
 * was cut there; elsewhere it may be whole, because home-made servers and gateways just close.
 * Thread safe; outlives a change of settings.
 */
public final class StreamEnds {
  private static final int MOST_REMEMBERED = 1024;

  private final Set<String> shown = ConcurrentHashMap.newKeySet();

  /** A stream of that endpoint was whole. */
  void show(RequestFacts facts, WireRequest sent) {
    String endpoint = endpoint(facts, sent);
    if (!shown.contains(endpoint)) {
      if (shown.size() >= MOST_REMEMBERED) {
        // Then more counts as whole for a while.
        shown.clear();
      }
      shown.add(endpoint);
    }
  }

  /** Whether it has shown so before, or is known to. */
  boolean areShown(RequestFacts facts, WireRequest sent) {
    return shown.contains(endpoint(facts, sent))
        || (sent.host() != null && Providers.isHostOfProvider(sent.host()));
  }

  private static String endpoint(RequestFacts facts, WireRequest sent) {
    return facts.protocol().id() + '@' + sent.host() + ':' + sent.port();
  }
}
