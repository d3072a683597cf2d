package io.flyball.engine.telemetry.otlp;

import io.flyball.engine.net.HttpPosts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of success that did not take what it was sent: a partial success, as OTLP has it, or a
 * page of somebody who is no collector. Why a collector rejected something it says in words that
 * may quote what is in there, so they are not repeated.
 */
final class NotTaken extends IOException {
  private static final long serialVersionUID = 1L;

  private static final Pattern IN_JSON =
      Pattern.compile(
          "\"(?:rejectedSpans|rejectedDataPoints|rejected_spans|rejected_data_points)\"\\s*:\\s*\"?"
              + "([0-9]{1,18})");

  private static final int MESSAGE = 2;

  private final String kind;

  private NotTaken(String kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Null when all was taken, or nothing tells otherwise. */
  static NotTaken in(HttpPosts.Answer answer) {
    byte[] body = answer.body();
    String type = String.valueOf(answer.header("Content-Type")).toLowerCase(Locale.ROOT);
    if (type.startsWith("text/html") || type.startsWith("application/xhtml")) {
      return webPage();
    }
    if (body == null || body.length == 0) {
      return null;
    }
    long rejected;
    if (body[0] == '<') {
      return webPage();
    } else if (type.startsWith("application/json")) {
      Matcher said = IN_JSON.matcher(new String(body, StandardCharsets.UTF_8));
      rejected = said.find() ? Long.parseLong(said.group(1)) : 0;
    } else {
      rejected = rejectedIn(body);
    }
    return rejected > 0
        ? new NotTaken(
            "rejected",
            "the collector rejected "
                + rejected
                + " of them (a partial success; its own log may say why)")
        : null;
  }

  /** As the message that answers an export says; 0 where it is none. */
  static long rejectedIn(byte[] message) {
    // Both the partial success and the count in it are the first field of their message.
    Protobuf partial = new Protobuf(message, 0, message.length).message(1);
    return partial == null ? 0 : partial.number(1);
  }

  private static NotTaken webPage() {
    return new NotTaken("page", "a web page came back, which no collector sends");
  }

  /** What is told once, however many there are. */
  String kind() {
    return kind;
  }

  /** As much of the wire format as that takes; what is broken says nothing. */
  private static final class Protobuf {
    private final byte[] bytes;
    private final int end;
    private int at;

    Protobuf(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.at = from;
      this.end = end;
    }

    /** The first of that number, or null. */
    Protobuf message(int field) {
      while (at < end) {
        long tag = varint();
        long length = skip((int) (tag & 7));
        if (length < 0) {
          return null;
        }
        if (tag == ((long) field << 3 | MESSAGE)) {
          return new Protobuf(bytes, (int) (at - length), at);
        }
      }
      return null;
    }

    /** The first of that number, or 0. */
    long number(int field) {
      while (at < end) {
        long tag = varint();
        if (tag == (long) field << 3) {
          return varint();
        }
        if (skip((int) (tag & 7)) < 0) {
          return 0;
        }
      }
      return 0;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; at < end && shift < Long.SIZE; shift += 7) {
        byte each = bytes[at++];
        value |= (long) (each & 0x7f) << shift;
        if (each >= 0) {
          return value;
        }
      }
      at = end;
      return 0;
    }

    /** How long the value was; below 0 when there is none. */
    private long skip(int wireType) {
      long length;
      switch (wireType) {
        case 0:
          varint();
          return 0;
        case 1:
          length = Long.BYTES;
          break;
        case MESSAGE:
          length = varint();
          break;
        case 5:
          length = Integer.BYTES;
          break;
        default:
          return -1;
      }
      if (length < 0 || length > end - at) {
        return -1;
      }
      at += (int) length;
      return length;
    }
  }
}
