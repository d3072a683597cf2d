package io.flyball.instrumentation.okhttp3;

import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.wire.HeldBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/** A body in one of the forms in which an application may give one to OkHttp. */
final class SentOnce extends RequestBody {
  private static final int PIECE = 8 << 10;

  final byte[] bytes;
  private final boolean declares;
  private final boolean oneShot;
  private final boolean duplex;
  private final Throwable thrown;
  private final int thrownAt;
  int written;
  long mostHeld;

  /**
   * @param promptLength in characters
   * @param thrown after as many bytes as {@code thrownAt}; null for nothing
   */
  SentOnce(
      int promptLength,
      boolean declares,
      boolean oneShot,
      boolean duplex,
      Throwable thrown,
      int thrownAt) {
    char[] prompt = new char[promptLength];
    Arrays.fill(prompt, ' ');
    for (int i = 0; i < promptLength; i += 5) {
      prompt[i] = 'p';
    }
    this.bytes =
        Outgoing.CHAT.replace("Hi", new String(prompt)).getBytes(StandardCharsets.US_ASCII);
    this.declares = declares;
    this.oneShot = oneShot;
    this.duplex = duplex;
    this.thrown = thrown;
    this.thrownAt = thrownAt;
  }

  /** Whether OkHttp asks a body whether it can be written once only; before 3.14 it does not. */
  static boolean isAsked() {
    try {
      return RequestBody.class.getMethod("isOneShot") != null;
    } catch (NoSuchMethodException older) {
      return false;
    }
  }

  @Override
  public MediaType contentType() {
    return MediaType.parse("application/json");
  }

  @Override
  public long contentLength() {
    return declares ? bytes.length : -1;
  }

  @Override
  public boolean isOneShot() {
    return oneShot;
  }

  @Override
  public boolean isDuplex() {
    return duplex;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    if (written++ > 0) {
      throw new IllegalStateException("written twice");
    }
    for (int from = 0; from < bytes.length; from += PIECE) {
      if (thrown != null && from + PIECE > thrownAt) {
        if (thrown instanceof IOException) {
          throw (IOException) thrown;
        }
        throw (RuntimeException) thrown;
      }
      sink.write(bytes, from, Math.min(PIECE, bytes.length - from));
      mostHeld = Math.max(mostHeld, HeldBytes.ofThisJvm().held());
    }
  }
}
