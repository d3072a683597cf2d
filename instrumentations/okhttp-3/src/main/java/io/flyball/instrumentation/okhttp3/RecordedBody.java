package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;
import okio.Sink;
import okio.Timeout;

/**
 * A request body written once and replayed as often as needed. The application's own body object is
 * not asked again: before OkHttp 3.14 a body could not say that it can be written only once.
 *
 * <p>It also replays how the body reached the network layer in pieces, so that a body of unknown
 * length goes out in the very same chunks.
 */
final class RecordedBody extends RequestBody {
  private final MediaType contentType;
  private final long contentLength;
  private final byte[] bytes;
  private final List<Integer> pieces;

  private RecordedBody(
      MediaType contentType, long contentLength, byte[] bytes, List<Integer> pieces) {
    this.contentType = contentType;
    this.contentLength = contentLength;
    this.bytes = bytes;
    this.pieces = pieces;
  }

  /**
   * Writes the body into memory.
   *
   * @throws IOException what the body itself throws; OkHttp would have thrown the same
   */
  static RecordedBody record(RequestBody body) throws IOException {
    Pieces pieces = new Pieces();
    BufferedSink sink = Okio.buffer(pieces);
    body.writeTo(sink);
    pieces.whole.writeAll(sink.buffer());
    return new RecordedBody(
        body.contentType(), body.contentLength(), pieces.whole.readByteArray(), pieces.sizes);
  }

  /** Other bytes of the same type, in one piece. */
  RecordedBody withBytes(byte[] newBytes) {
    return new RecordedBody(contentType, newBytes.length, newBytes, new ArrayList<>());
  }

  int size() {
    return bytes.length;
  }

  /** The bytes themselves: do not write to them. */
  byte[] bytes() {
    return bytes;
  }

  @Override
  public MediaType contentType() {
    return contentType;
  }

  @Override
  public long contentLength() {
    return contentLength;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    int from = 0;
    for (int size : pieces) {
      sink.write(bytes, from, size);
      sink.emit();
      from += size;
    }
    sink.write(bytes, from, bytes.length - from);
  }

  /** Notes what OkHttp's own sink would have been given when. */
  private static final class Pieces implements Sink {
    private final Buffer whole = new Buffer();
    private final List<Integer> sizes = new ArrayList<>();

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
      whole.write(source, byteCount);
      sizes.add((int) byteCount);
    }

    @Override
    public void flush() {}

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {}
  }
}
