package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.cut;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** What came out when a stream broke and another one went on. */
final class Joined {
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final StreamContinuation continuation;
  int deliveredBefore;
  Joint joint;

  Joined(String protocol, byte[] first, int length, byte[] second, List<Integer> pieces) {
    continuation = Streams.continuation(protocol);
    for (ByteBuffer piece : cut(Arrays.copyOf(first, length), pieces)) {
      Streams.write(continuation.deliver(piece), out);
    }
    deliveredBefore = out.size();
    continuation.end();
    if (continuation.canJoin()) {
      goOn(second, pieces);
    }
  }

  void goOn(byte[] stream, List<Integer> pieces) {
    joint = continuation.join();
    for (ByteBuffer piece : cut(stream, pieces)) {
      Streams.write(joint.feed(piece), out);
    }
    Streams.write(joint.end(), out);
  }

  String text() {
    return Streams.text(out);
  }
}
