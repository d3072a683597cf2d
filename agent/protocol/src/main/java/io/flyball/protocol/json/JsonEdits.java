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

    Edit(int start, int end, String json) {
      this.start = start;
      this.end = end;
      this.json = json;
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

  /** Adds a field in front of the others of an object, of which at least one must stay, if any. */
  public JsonEdits insert(JsonTree object, String name, String json) {
    String comma = object.children().isEmpty() ? "" : ",";
    int at = object.start() + 1;
    edits.add(new Edit(at, at, JsonSplice.quoted(name) + ':' + json + comma));
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
    for (Edit edit : edits) {
      if (edit.start >= done) {
        out.write(document, done, edit.start - done);
        byte[] json = edit.json.getBytes(StandardCharsets.UTF_8);
        out.write(json, 0, json.length);
        done = edit.end;
      }
    }
    out.write(document, done, document.length - done);
    return out.toByteArray();
  }
}
