package io.flyball.instrumentation.testing.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of 127.0.0.1 at which connections are refused as long as this JVM runs. One that was
 * listened at and closed is anybody's: tests run beside each other, and another's fake may answer.
 */
public final class RefusedPort {
  /** Bound and never listening. */
  private static final Socket HELD = new Socket();

  private RefusedPort() {}

  /** The same at each call. */
  public static int number() {
    synchronized (HELD) {
      if (!HELD.isBound()) {
        try {
          HELD.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return HELD.getLocalPort();
    }
  }
}
