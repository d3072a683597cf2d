package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseSink;
import io.flyball.protocol.sse.SseSplitter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * The bytes of an answer on their way into a source. Whether they are a document or a stream, the
 * first byte tells: servers answer either way, whatever was asked. A document is kept until its
 * end. Not thread safe.
 */
final class Body {
  /** Bytes of a document, and of one event. */
  private static final int LARGEST = 16 << 20;

  private final AnswerSource source;
  private final SseSplitter splitter = new SseSplitter(new Events(), LARGEST);
  private ByteArrayOutputStream document;
  private boolean begun;
  private int malformedEvents;
  private UnusableAnswerException failure;

  Body(AnswerSource source) {
    this.source = source;
  }

  /** Null as long as nothing is wrong. */
  UnusableAnswerException failure() {
    return failure;
  }

  int malformedEvents() {
    return malformedEvents;
  }

  void feed(ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    while (!begun && rest.hasRemaining()) {
      byte first = rest.get(rest.position());
      if (isBlank(first)) {
        rest.get();
      } else {
        begun = true;
        document = first == '{' || first == '[' ? new ByteArrayOutputStream() : null;
      }
    }
    if (failure != null || !begun) {
      return;
    }
    if (document != null) {
      keep(rest);
    } else {
      splitter.feed(rest);
      failIfTooLarge();
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' '
        || b == '\t'
        || b == '\r'
        || b == '\n'
        || b == (byte) 0xEF
        || b == (byte) 0xBB
        || b == (byte) 0xBF;
  }

  private void keep(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    if (document.size() + copy.length > LARGEST) {
      failure = UnusableAnswerException.malformed("too large");
      document = new ByteArrayOutputStream();
    } else {
      document.write(copy, 0, copy.length);
    }
  }

  private void failIfTooLarge() {
    if (failure == null && splitter.eventsPassedOver() > 0) {
      failure = UnusableAnswerException.malformed("an event too large");
    }
  }

  /** The body is over, as the transport sees it. */
  void end() {
    if (failure != null) {
      return;
    }
    try {
      if (document != null) {
        read(document.toByteArray());
      } else {
        splitter.end();
        failIfTooLarge();
        if (failure == null) {
          source.over();
        }
      }
    } catch (UnusableAnswerException e) {
      failure = e;
    }
  }

  private void read(byte[] bytes) throws UnusableAnswerException {
    JsonTree tree = JsonTree.read(bytes);
    if (tree == null) {
      throw UnusableAnswerException.malformed("no JSON");
    }
    if (tree.isObject()) {
      source.document(tree);
      return;
    }
    for (JsonTree response : tree.children()) {
      if (response.isObject()) {
        source.event(null, response);
      }
    }
    source.over();
  }

  private final class Events implements SseSink {
    @Override
    public void event(SseEvent event) {
      if (failure != null || event.dataLength() == 0) {
        return;
      }
      try {
        if (event.dataIs("[DONE]")) {
          source.done();
          return;
        }
        JsonTree data = JsonTree.read(event.data());
        if (data == null || !data.isObject()) {
          malformedEvents++;
          if ("error".equals(event.name())) {
            throw UnusableAnswerException.failed(null);
          }
        } else if (!source.isEnded()) {
          source.event(event.name(), data);
        }
      } catch (UnusableAnswerException e) {
        failure = e;
      }
    }
  }
}
