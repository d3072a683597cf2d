package io.flyball.protocol.trim;

import io.flyball.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A request as who said what, in the order of its own entries. Immutable once read. */
final class Dialogue {
  /** What there is of a body that is no conversation. */
  static final Dialogue NONE =
      new Dialogue(null, null, Collections.<Entry>emptyList(), Collections.<JsonTree>emptyList());

  final JsonTree document;

  /** The array whose elements the entries are; null when there is none. */
  final JsonTree container;

  final List<Entry> entries;

  /** The strings that are nothing but text for the model, without system prompts. */
  final List<JsonTree> texts;

  private Dialogue(
      JsonTree document, JsonTree container, List<Entry> entries, List<JsonTree> texts) {
    this.document = document;
    this.container = container;
    this.entries = Collections.unmodifiableList(entries);
    this.texts = Collections.unmodifiableList(texts);
  }

  static Dialogue read(String protocolId, byte[] body) {
    DialogueReader reader = DialogueReader.of(protocolId);
    JsonTree document = reader == null ? null : JsonTree.read(body);
    if (document == null || !document.isObject()) {
      return NONE;
    }
    List<JsonTree> texts = new ArrayList<>();
    JsonTree container = document.get(reader.field);
    List<Entry> entries = new ArrayList<>();
    if (container != null && container.isArray()) {
      for (JsonTree element : container.children()) {
        Entry entry =
            element.isObject()
                ? reader.entry(element)
                : DialogueReader.of(element, Entry.Kind.FIXED);
        entries.add(entry);
        if (entry.kind != Entry.Kind.KEPT && entry.kind != Entry.Kind.FIXED) {
          reader.texts(element, texts);
        }
      }
    } else if (container != null && container.text() != null) {
      texts.add(container);
    }
    Entry.match(entries);
    return new Dialogue(document, container, entries, texts);
  }
}
