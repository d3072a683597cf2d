package io.flyball.instrumentation.apachehttpclient4;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.entity.HttpEntityWrapper;

/** The application's entity: says of itself what the client's own says, unless that was changed. */
final class GovernedEntity extends HttpEntityWrapper {
  private static final int COPIED_AT_ONCE = 4096;

  private final GovernedStream stream;
  private final long length;
  private final Header contentType;

  /**
   * @param real the client's own, or one that was made
   * @param length -1 when unknown
   */
  GovernedEntity(HttpEntity real, GovernedStream stream, long length, Header contentType) {
    super(real);
    this.stream = stream;
    this.length = length;
    this.contentType = contentType;
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public boolean isStreaming() {
    return true;
  }

  @Override
  public long getContentLength() {
    return length;
  }

  @Override
  public Header getContentType() {
    return contentType;
  }

  @Override
  public InputStream getContent() {
    return stream;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try {
      byte[] buffer = new byte[COPIED_AT_ONCE];
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        out.write(buffer, 0, count);
      }
    } finally {
      stream.close();
    }
  }

  @Deprecated
  @Override
  public void consumeContent() throws IOException {
    stream.close();
  }
}
