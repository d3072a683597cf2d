package io.flyball.engine;

import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Calls that were left to an SDK after Flyball had repeated them in its place, for SDKs whose loop
 * goes on where nobody sees it: in their asynchronous forms. The SDK's next request is known by
 * what it says, and by the count of repetitions that it carries; two calls that say the same at one
 * time may be taken for each other. Thread safe.
 */
final class LeftCalls {
  private static final String COUNT = "x-stainless-retry-count";
  private static final int MOST = 256;

  /** Longer than an SDK waits before it repeats. */
  private static final long REMEMBERED_NANOS = 120_000_000_000L;

  private final Map<Key, Left> calls =
      new LinkedHashMap<Key, Left>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Left> eldest) {
          return size() > MOST;
        }
      };

  private volatile boolean any;

  /**
   * The SDK goes on with that call.
   *
   * @param retries how often it would repeat the call in all, less what Flyball has done of it
   * @param now of the engine's time source
   */
  synchronized void left(WireRequest request, int retries, long now) {
    calls.put(new Key(request), new Left(Math.max(0, retries), now));
    any = true;
  }

  /** The same number for the SDK's next request for a call; -1 when it is none that was left. */
  int retriesOf(WireRequest request, long now) {
    if (!any) {
      return -1;
    }
    String count = request.headers().first(COUNT);
    return count == null || count.equals("0") ? -1 : taken(new Key(request), now);
  }

  private synchronized int taken(Key key, long now) {
    Left left = calls.remove(key);
    any = !calls.isEmpty();
    return left == null || now - left.at > REMEMBERED_NANOS ? -1 : left.retries;
  }

  private static final class Left {
    final int retries;
    final long at;

    Left(int retries, long at) {
      this.retries = retries;
      this.at = at;
    }
  }

  /** Where to, with whose key, and a hash of what is asked. */
  private static final class Key {
    private final URI uri;
    private final int length;
    private final int hash;

    Key(WireRequest request) {
      Headers headers = request.headers();
      this.uri = request.uri();
      this.length = request.body().length;
      this.hash =
          Objects.hash(
              Arrays.hashCode(request.body()),
              headers.first("authorization"),
              headers.first("x-api-key"),
              headers.first("api-key"));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key
          && ((Key) other).length == length
          && ((Key) other).hash == hash
          && ((Key) other).uri.equals(uri);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
