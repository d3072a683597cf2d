package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.io.InputStream;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Timeout;

/** The body that the application reads. */
final class GovernedBody extends ResponseBody {
  private static final int MOST_AT_ONCE = 8192;

  private final String contentType;
  private final long contentLength;
  private final BufferedSource source;

  /**
   * @param contentType the header as it is, read only when it is asked for; or null
   * @param contentLength -1 when unknown
   * @param real the body on the wire, whose timeouts the application may set; or null
   * @param onClose told once the application has closed the body
   */
  GovernedBody(
      String contentType,
      long contentLength,
      InputStream stream,
      ResponseBody real,
      Runnable onClose) {
    this.contentType = contentType;
    this.contentLength = contentLength;
    this.source =
        Okio.buffer(
            new ForwardingSource(Okio.source(stream)) {
              @Override
              public long read(Buffer sink, long count) throws IOException {
                return Thread.currentThread().isInterrupted()
                    ? readWhatIsThere(stream, sink, count)
                    : super.read(sink, count);
              }

              @Override
              public Timeout timeout() {
                return real == null ? super.timeout() : real.source().timeout();
              }

              @Override
              public void close() throws IOException {
                onClose.run();
                super.close();
              }
            });
  }

  /** Okio itself would say no before it asks; a connection's bytes that are there it gives. */
  private static long readWhatIsThere(InputStream stream, Buffer sink, long count)
      throws IOException {
    byte[] some = new byte[(int) Math.min(MOST_AT_ONCE, count)];
    int read = stream.read(some);
    if (read > 0) {
      sink.write(some, 0, read);
    }
    return read;
  }

  @Override
  public MediaType contentType() {
    return contentType == null ? null : MediaType.parse(contentType);
  }

  @Override
  public long contentLength() {
    return contentLength;
  }

  @Override
  public BufferedSource source() {
    return source;
  }
}
