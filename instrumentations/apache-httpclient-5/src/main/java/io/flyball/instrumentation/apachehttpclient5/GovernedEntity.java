package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.BodyInputStream;
import io.flyball.wire.GovernedCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * The entity that the application reads. Closing it, or its stream, reads to the end first, as the
 * client's own do: many a reader stops behind the last byte that it needs and before the last one
 * of the body, and the connection is to be used again. What the application has cancelled is not
 * read.
 */
final class GovernedEntity implements HttpEntity {
  private static final int BUFFER = 2048;

  private final HttpEntity real;
  private final String contentType;
  private final String contentEncoding;
  private final long contentLength;
  private final Stream stream;

  /**
   * @param real null for an answer that was made
   * @param cancelled whether the application has cancelled the call
   * @param call kept for as long as the application has the entity
   */
  GovernedEntity(
      HttpEntity real,
      String contentType,
      String contentEncoding,
      long contentLength,
      BodyInputStream body,
      BooleanSupplier cancelled,
      GovernedCall call) {
    this.real = real;
    this.contentType = contentType;
    this.contentEncoding = contentEncoding;
    this.contentLength = contentLength;
    boolean readsOn = real != null && (real.isChunked() || real.getContentLength() >= 0);
    this.stream = new Stream(body, readsOn, cancelled, call);
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public boolean isStreaming() {
    return real == null || real.isStreaming();
  }

  @Override
  public boolean isChunked() {
    return real == null ? contentLength < 0 : real.isChunked();
  }

  @Override
  public long getContentLength() {
    return contentLength;
  }

  @Override
  public String getContentType() {
    return contentType;
  }

  @Override
  public String getContentEncoding() {
    return contentEncoding;
  }

  @Override
  public Set<String> getTrailerNames() {
    return real == null ? Collections.<String>emptySet() : real.getTrailerNames();
  }

  @Override
  public Supplier<List<? extends Header>> getTrailers() {
    return real == null ? null : real.getTrailers();
  }

  @Override
  public InputStream getContent() {
    return stream;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (InputStream in = stream) {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (out != null) {
          out.write(buffer, 0, count);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private static final class Stream extends InputStream {
    private final BodyInputStream body;
    private final boolean readsOn;
    private final BooleanSupplier cancelled;
    private final GovernedCall call;
    private boolean ended;
    private boolean closed;

    Stream(BodyInputStream body, boolean readsOn, BooleanSupplier cancelled, GovernedCall call) {
      this.body = body;
      this.readsOn = readsOn;
      this.cancelled = cancelled;
      this.call = call;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (ended && !closed) {
        return -1;
      }
      boolean over = true;
      try {
        int count = body.read(target, offset, length);
        over = count < 0;
        return count;
      } finally {
        ended |= over;
      }
    }

    @Override
    public int available() throws IOException {
      return ended ? 0 : body.available();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      try {
        byte[] rest = new byte[BUFFER];
        while (readsOn && !ended && !cancelled.getAsBoolean()) {
          read(rest, 0, rest.length);
        }
      } catch (IOException failure) {
        if (!cancelled.getAsBoolean()) {
          throw failure;
        }
      } finally {
        closed = true;
        body.close();
      }
    }

    @Override
    public String toString() {
      return "body of " + call.id();
    }
  }
}
