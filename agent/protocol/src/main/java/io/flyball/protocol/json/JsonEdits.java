package io.flyball.protocol.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Changes to a JSON document at several places; every byte outside them stays as it was. An edit
 * inside something that another one removes or replaces has no effect. Not thread safe.
 */
public final class JsonEdits {

  private static final class Edit {
    final int start;
    final int end;
    final String json;

    /** Whether it is one more field where there are none behind it but such. */
    final boolean lastField;

    Edit(int start, int end, String json) {
      this(start, end, json, false);
    }

    Edit(int start, int end, String json, boolean lastField) {
      this.start = start;
      this.end = end;
      this.json = json;
      this.lastField = lastField;
    }
  }

  private final byte[] document;
  private final List<Edit> edits = new ArrayList<>();

  /**
   * @param document what {@link JsonTree#read} made of a whole document; all other trees given to
   *     this object are parts of it
   */
  public JsonEdits(JsonTree document) {
    this.document = document.source();
  }

  public boolean isEmpty() {
    return edits.isEmpty();
  }

  /** Writes {@code json} in the place of a value. */
  public JsonEdits replace(JsonTree value, String json) {
    edits.add(new Edit(value.start(), value.end(), json));
    return this;
  }

  /** Writes another name in the place of the name of an object's field. */
  public JsonEdits rename(JsonTree fieldValue, String name) {
    int end = fieldValue.entryStart() + 1;
    while (document[end] != '"') {
      end += document[end] == '\\' ? 2 : 1;
    }
    edits.add(new Edit(fieldValue.entryStart(), end + 1, JsonSplice.quoted(name)));
    return this;
  }

  /**
   * Adds a field in front of the others of an object, of which at least one must stay, if any;
   * fields that are added to the same object stand in the order in which they were.
   */
  public JsonEdits insert(JsonTree object, String name, String json) {
    boolean alone = object.children().isEmpty();
    int at = object.start() + 1;
    edits.add(new Edit(at, at, JsonSplice.quoted(name) + ':' + json + (alone ? "" : ","), alone));
    return this;
  }

  /**
   * Takes children (elements, or fields with their names) out of an array or object; once for each.
   */
  public JsonEdits remove(JsonTree container, Collection<JsonTree> removed) {
    JsonTree kept = null;
    JsonTree first = null;
    JsonTree last = null;
    for (JsonTree child : container.children()) {
      if (removed.contains(child)) {
        first = first == null ? child : first;
        last = child;
        continue;
      }
      if (first != null) {
        cut(kept, first, last, child);
      }
      kept = child;
      first = null;
    }
    if (first != null) {
      cut(kept, first, last, null);
    }
    return this;
  }

  /**
   * Takes the middle out of a string and writes a marker in its place. The cuts are between
   * characters: never inside an escape, a character of several bytes or a surrogate pair. Nothing
   * happens when the string would not become shorter.
   *
   * @param keep how many bytes of its text, as it is written, stay at most, half of them at either
   *     end
   * @param marker plain text that needs no escape
   */
  public JsonEdits cutMiddle(JsonTree string, int keep, String marker) {
    int start = string.start() + 1;
    int end = string.end() - 1;
    int head = start;
    int at = start;
    while (at < end && at <= start + keep / 2) {
      head = at;
      at = afterCharacter(at, end);
    }
    at = head;
    while (at < end - (keep - keep / 2)) {
      at = afterCharacter(at, end);
    }
    if (at - head > marker.getBytes(StandardCharsets.UTF_8).length) {
      edits.add(new Edit(head, at, marker));
    }
    return this;
  }

  /** Behind the character that is written there, in a string that ends there. */
  private int afterCharacter(int at, int end) {
    int next = afterUnit(at);
    boolean highSurrogate = isEscape(at, end) && Character.isHighSurrogate(escaped(at));
    if (highSurrogate && isEscape(next, end) && Character.isLowSurrogate(escaped(next))) {
      next += 6;
    }
    return Math.min(next, end);
  }

  private int afterUnit(int at) {
    int lead = document[at] & 0xFF;
    if (lead == '\\') {
      return at + (document[at + 1] == 'u' ? 6 : 2);
    }
    return at + (lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4);
  }

  private boolean isEscape(int at, int end) {
    return at + 6 <= end && document[at] == '\\' && document[at + 1] == 'u';
  }

  private char escaped(int at) {
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      unit = unit << 4 | Character.digit(document[i], 16);
    }
    return (char) unit;
  }

  private void cut(JsonTree before, JsonTree first, JsonTree last, JsonTree after) {
    if (before != null) {
      edits.add(new Edit(before.end(), last.end(), ""));
    } else {
      int end = after == null ? last.end() : after.entryStart();
      edits.add(new Edit(first.entryStart(), end, ""));
    }
  }

  /** The document with all edits made. */
  public byte[] apply() {
    edits.sort(
        Comparator.<Edit>comparingInt(edit -> edit.start)
            .thenComparing(edit -> edit.start < edit.end)
            .thenComparingInt(edit -> -edit.end));
    ByteArrayOutputStream out = new ByteArrayOutputStream(document.length + 64);
    int done = 0;
    Edit before = null;
    for (Edit edit : edits) {
      if (edit.start >= done) {
        out.write(document, done, edit.start - done);
        if (edit.lastField && before != null && before.lastField && before.start == edit.start) {
          out.write(',');
        }
        before = edit;
        byte[] json = edit.json.getBytes(StandardCharsets.UTF_8);
        out.write(json, 0, json.length);
        done = edit.end;
      }
    }
    out.write(document, done, document.length - done);
    return out.toByteArray();
  }
}
