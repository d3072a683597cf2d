package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.Sending;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * A request's entity that was written once and is replayed as often as needed. What it says of
 * itself is what the application's says: one that is not repeatable is none to the client either,
 * which then does not repeat it by itself.
 *
 * <p>It also replays the pieces in which it was written, so that an entity of unknown length goes
 * out in the very same chunks.
 */
final class RecordedEntity implements HttpEntity {
  private final HttpEntity original;
  private final Recording recording;
  private final byte[] bytes;

  /** Null for what the original says. */
  private final String[] typeAndEncoding;

  private final Sending sending;
  private final AtomicInteger written = new AtomicInteger();

  private RecordedEntity(
      HttpEntity original,
      Recording recording,
      byte[] bytes,
      String[] typeAndEncoding,
      Sending sending) {
    this.original = original;
    this.recording = recording;
    this.bytes = bytes;
    this.typeAndEncoding = typeAndEncoding;
    this.sending = sending;
  }

  /**
   * Writes the entity to memory. Room for it is taken before, because what was begun can only be
   * held.
   *
   * @param most bytes that an entity of unknown length is expected to have at most
   * @param mustHold whether it is held also when there is no room for it
   * @return null when there is no room for it; then the entity has not been asked for its bytes
   * @throws IOException what the entity itself throws; the client would have thrown the same
   */
  static RecordedEntity record(HttpEntity entity, int most, boolean mustHold) throws IOException {
    Recording recording = Recording.begin(entity.getContentLength(), most, mustHold);
    if (recording == null) {
      return null;
    }
    try {
      entity.writeTo(recording);
      byte[] bytes = recording.end();
      return new RecordedEntity(entity, recording, bytes, null, Sending.UNHEARD);
    } catch (IOException | RuntimeException | Error failure) {
      recording.hold().release();
      throw failure;
    }
  }

  /** The same entity, of one attempt. */
  RecordedEntity telling(Sending attempt) {
    return new RecordedEntity(original, recording, bytes, typeAndEncoding, attempt);
  }

  /** Other bytes, of another type or encoding perhaps, in one piece; of one attempt. */
  RecordedEntity with(byte[] others, String type, String encoding, Sending attempt) {
    return new RecordedEntity(original, recording, others, new String[] {type, encoding}, attempt);
  }

  /** The same bytes as another type or encoding; of one attempt. */
  RecordedEntity as(String type, String encoding, Sending attempt) {
    return new RecordedEntity(original, recording, bytes, new String[] {type, encoding}, attempt);
  }

  private boolean isAsRecorded() {
    return recording.isOf(bytes);
  }

  /** Nobody needs it any more. */
  void release() {
    recording.hold().release();
  }

  /** The bytes themselves: do not write to them. */
  byte[] bytes() {
    return bytes;
  }

  /** How often the client has begun to write it. */
  int timesWritten() {
    return written.get();
  }

  @Override
  public boolean isRepeatable() {
    return original.isRepeatable();
  }

  @Override
  public boolean isStreaming() {
    return original.isStreaming();
  }

  @Override
  public boolean isChunked() {
    return original.isChunked();
  }

  @Override
  public long getContentLength() {
    long declared = original.getContentLength();
    return isAsRecorded() || declared < 0 ? declared : bytes.length;
  }

  @Override
  public String getContentType() {
    return typeAndEncoding != null ? typeAndEncoding[0] : original.getContentType();
  }

  @Override
  public String getContentEncoding() {
    return typeAndEncoding != null ? typeAndEncoding[1] : original.getContentEncoding();
  }

  @Override
  public InputStream getContent() {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    sending.begin();
    written.incrementAndGet();
    if (isAsRecorded()) {
      recording.replay(out);
    } else {
      out.write(bytes, 0, bytes.length);
    }
  }

  @Override
  public Supplier<List<? extends Header>> getTrailers() {
    return original.getTrailers();
  }

  @Override
  public Set<String> getTrailerNames() {
    return original.getTrailerNames();
  }

  /** The application's own is at its end since it was recorded. */
  @Override
  public void close() {}
}
