package io.flyball.engine;

import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protocol of words. A request is {@code ask}, {@code ask stream} or {@code ask stream+usage}. An
 * answer's words end with a blank line; {@code ping} says nothing, {@code error} is an error event,
 * {@code usage} reports 10 in and 5 out, {@code done} ends it, everything else is content.
 */
final class FakeProtocol implements Protocol, Recogniser {
  static final String USAGE_EVENT = "data: usage\n\n";

  /** Everything the readers were fed, decoded. */
  final List<String> fed = new ArrayList<>();

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public boolean mayMatch(String method, String path) {
    return path.endsWith("/ask");
  }

  @Override
  public RequestFacts recognise(RequestHead head, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (!mayMatch(head.method(), head.path()) || !text.startsWith("ask")) {
      return null;
    }
    return RequestFacts.builder(this, Operation.CHAT, "fake").model("m").stream(
            text.startsWith("ask stream"))
        .build();
  }

  @Override
  public ResponseReader reader(RequestFacts request, int status, String contentType) {
    return new Reader();
  }

  @Override
  public byte[] askForUsage(RequestFacts request, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.startsWith("ask stream") && !text.contains("+usage")
        ? text.replace("ask stream", "ask stream+usage").getBytes(StandardCharsets.UTF_8)
        : null;
  }

  @Override
  public boolean isRequestedUsageEvent(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8).equals("usage");
  }

  private final class Reader implements ResponseReader {
    private final StringBuilder pending = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final ResponseFacts.Builder facts = ResponseFacts.builder();
    private boolean content;
    private boolean error;
    private boolean done;
    private int keep;
    private long characters;

    @Override
    public int malformedEvents() {
      return 0;
    }

    @Override
    public void feed(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      String piece = new String(copy, StandardCharsets.UTF_8);
      synchronized (fed) {
        fed.add(piece);
      }
      if (piece.contains("poison")) {
        throw new IllegalStateException("reader failed");
      }
      pending.append(piece);
      int end = pending.indexOf("\n\n");
      while (end >= 0) {
        word(pending.substring(0, end).replace("data: ", ""));
        pending.delete(0, end + 2);
        end = pending.indexOf("\n\n");
      }
    }

    private void word(String word) {
      switch (word) {
        case "ping":
          break;
        case "error":
          error = true;
          facts.errorType("overloaded");
          break;
        case "usage":
          facts.usage(Usage.builder(Usage.Source.REPORTED).input(10).output(5).build());
          break;
        case "done":
          done = true;
          break;
        default:
          content = true;
          characters += word.length();
          if (text.length() < keep) {
            text.append(word);
          }
      }
    }

    @Override
    public void end() {}

    @Override
    public boolean contentSeen() {
      return content;
    }

    @Override
    public boolean errorSeen() {
      return error;
    }

    @Override
    public ResponseFacts facts() {
      return facts.complete(done).events(true).outputCharacters(characters).build();
    }

    @Override
    public String text() {
      return keep == 0 ? null : text.toString();
    }

    @Override
    public void keepText(int characterLimit) {
      keep = characterLimit;
    }
  }
}
