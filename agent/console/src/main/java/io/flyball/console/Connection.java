package io.flyball.console;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * One request and its answer: read, answered, written, and read to its end, so that what a client
 * still sends does not take the answer from it. Each step has a deadline. For the server's thread
 * only, but for {@link #answer}.
 */
final class Connection {
  private static final int MAX_HEAD = 16 * 1024;
  private static final int MAX_BODY = 64 * 1024;

  /** Where a connection stands. */
  enum Step {
    READING,
    WAITING,
    WRITING,
    ENDING
  }

  private final SocketChannel channel;
  private SelectionKey key;
  private Step step = Step.READING;
  private long deadline;
  private byte[] head = new byte[1_024];
  private int length;
  private HttpRequest request;
  private long bodyLeft;
  private ByteBuffer out;
  private volatile byte[] answer;

  Connection(SocketChannel channel, long deadline) {
    this.channel = channel;
    this.deadline = deadline;
  }

  void registered(SelectionKey registered) {
    this.key = registered;
  }

  Step step() {
    return step;
  }

  HttpRequest request() {
    return request;
  }

  boolean isOver(long now) {
    return now - deadline >= 0;
  }

  /** What is to be written; from any thread, once. */
  void answer(byte[] bytes) {
    answer = bytes;
  }

  /**
   * Reads what is there.
   *
   * @return null as long as the request is not complete, or once it has been; an answer when it
   *     cannot be understood
   */
  HttpReply read(ByteBuffer buffer) throws IOException {
    buffer.clear();
    int read = channel.read(buffer);
    if (read < 0) {
      // With half a request nobody waits for an answer; after one, this is how it ends.
      close();
      return null;
    }
    if (step != Step.READING) {
      return null;
    }
    buffer.flip();
    while (request == null && buffer.hasRemaining()) {
      if (length == MAX_HEAD) {
        return HttpReply.text(431, "the request's head is too long");
      }
      if (length == head.length) {
        head = Arrays.copyOf(head, Math.min(MAX_HEAD, length * 2));
      }
      head[length++] = buffer.get();
      if (endsHead()) {
        request = HttpRequest.parse(head, length);
        head = null;
        if (request == null) {
          return HttpReply.text(400, "this is no HTTP request");
        }
        bodyLeft = request.bodyLength();
        if (bodyLeft < 0 || bodyLeft > MAX_BODY) {
          return HttpReply.text(413, "a request here has no body to speak of");
        }
      }
    }
    bodyLeft -= buffer.remaining();
    return null;
  }

  private boolean endsHead() {
    if (head[length - 1] != '\n' || length < 2) {
      return false;
    }
    return head[length - 2] == '\n'
        || (length >= 3 && head[length - 2] == '\r' && head[length - 3] == '\n');
  }

  /** Whether all of a request that can be understood is there. */
  boolean isRead() {
    return step == Step.READING && request != null && bodyLeft <= 0;
  }

  /** Somebody is at work on the answer, for as long as that takes. */
  void waiting(long until) {
    step = Step.WAITING;
    deadline = until;
    // Else a client that goes on sending would keep the server's thread busy.
    key.interestOps(0);
  }

  /** Begins to write, when there is an answer. */
  void beginWriting(long until) {
    if (step == Step.WAITING && answer != null && key.isValid()) {
      step = Step.WRITING;
      deadline = until;
      out = ByteBuffer.wrap(answer);
      key.interestOps(SelectionKey.OP_WRITE);
    }
  }

  /** Writes what goes out; once that is all, the client is to close. */
  void write(long until) throws IOException {
    channel.write(out);
    if (!out.hasRemaining()) {
      out = null;
      step = Step.ENDING;
      deadline = until;
      channel.shutdownOutput();
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone, which is what was wanted.
      return;
    }
  }

  boolean isOpen() {
    return channel.isOpen();
  }
}
