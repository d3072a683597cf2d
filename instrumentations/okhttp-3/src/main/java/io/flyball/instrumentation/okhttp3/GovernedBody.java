package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.io.InputStream;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Timeout;

/** The body that the application reads. */
final class GovernedBody extends ResponseBody {
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
