package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.Sending;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.http.Header;
import org.apache.http.HttpEntity;

/**
 * The body of one attempt: tells when it is written, and says of itself what the application's
 * entity says. So what the client does not send again by itself, it still does not.
 */
final class AttemptEntity implements HttpEntity {
  private final HttpEntity application;
  private final RecordedEntity recorded;
  private final byte[] other;
  private final Header contentType;
  private final Header contentEncoding;
  private final Sending sending;
  private volatile int written;

  /**
   * @param recorded the application's entity; null where only the client is to ask it for its bytes
   * @param other what is sent in place of that; null for nothing
   * @param contentType null for none
   * @param contentEncoding null for none
   */
  AttemptEntity(
      HttpEntity application,
      RecordedEntity recorded,
      byte[] other,
      Header contentType,
      Header contentEncoding,
      Sending sending) {
    this.application = application;
    this.recorded = recorded;
    this.other = other;
    this.contentType = contentType;
    this.contentEncoding = contentEncoding;
    this.sending = sending;
  }

  /** How often the client has sent it. */
  int written() {
    return written;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    sending.begin();
    written++;
    if (other != null) {
      out.write(other);
      out.flush();
    } else if (recorded != null) {
      recorded.writeTo(out);
    } else {
      application.writeTo(out);
    }
  }

  @Override
  public InputStream getContent() throws IOException {
    return other != null
        ? new ByteArrayInputStream(other)
        : recorded != null ? new ByteArrayInputStream(recorded.bytes()) : application.getContent();
  }

  @Override
  public long getContentLength() {
    long length = application.getContentLength();
    return other == null || length < 0 ? length : other.length;
  }

  @Override
  public boolean isRepeatable() {
    return application.isRepeatable();
  }

  @Override
  public boolean isChunked() {
    return application.isChunked();
  }

  @Override
  public Header getContentType() {
    return contentType;
  }

  @Override
  public Header getContentEncoding() {
    return contentEncoding;
  }

  @Override
  public boolean isStreaming() {
    return application.isStreaming();
  }

  @Deprecated
  @Override
  public void consumeContent() throws IOException {
    application.consumeContent();
  }

  @Override
  public String toString() {
    return application.toString();
  }
}
