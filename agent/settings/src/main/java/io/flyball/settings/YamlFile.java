package io.flyball.settings;

import io.flyball.base.file.FileReads;
import io.flyball.base.file.UnreadableFileException;
import io.flyball.settings.yaml.YamlNodes;
import io.flyball.settings.yaml.YamlProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The settings of a YAML 1.2 file. It is only composed to nodes: no object is ever made from it,
 * and every node knows its line and column. Messages never quote the file, which may hold secrets.
 */
final class YamlFile {
  /** A longer configuration is a mistake. */
  static final int MAX_BYTES = 1024 * 1024;

  /** The same; a merge counts what it merges. */
  static final int MAX_VALUES = 10_000;

  private final Path file;
  private final RawSettings settings;
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private int visited;

  private YamlFile(Path file, RawSettings settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * Adds what the file sets.
   *
   * @param namedBy who gave the file's name; null when it needs not be told
   */
  static void read(Path file, String namedBy, FileReads files, RawSettings settings) {
    byte[] content;
    try {
      content = files.read(file, MAX_BYTES);
    } catch (UnreadableFileException e) {
      String by = namedBy == null ? "" : " (the file that " + namedBy + " names)";
      // Relative to a folder that the reader of the message may not think of.
      settings.error(file.toAbsolutePath().toString(), e.getMessage() + by);
      return;
    }
    new YamlFile(file, settings).parse(content);
  }

  private void parse(byte[] content) {
    try {
      Node root = YamlNodes.compose(file.toString(), content, MAX_VALUES);
      if (root == null || isNull(root)) {
        settings.setsNothing(file.toString());
      } else if (root instanceof MappingNode) {
        OtherFile other = otherFile((MappingNode) root);
        if (other == null) {
          visitMapping("", (MappingNode) root);
        } else {
          settings.error(place(root), other.message());
        }
      } else {
        settings.error(place(root), "the file must hold a mapping, such as mode: observe");
      }
      if (visited > MAX_VALUES) {
        settings.error(
            file.toString(), "too long, more than " + MAX_VALUES + " values with what it merges");
      }
    } catch (YamlProblem e) {
      String place = e.line() == 0 ? "" : ":" + e.line() + ":" + e.column();
      settings.error(file + place, e.getMessage());
    }
  }

  /** Which other file it begins as; null when it is none. */
  private OtherFile otherFile(MappingNode root) {
    for (NodeTuple entry : root.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode
          && entry.getValueNode() instanceof SequenceNode) {
        String key = ((ScalarNode) entry.getKeyNode()).getValue();
        for (OtherFile other : settings.schema().otherFiles()) {
          if (other.hasAtItsRoot(key)) {
            return other;
          }
        }
      }
    }
    return null;
  }

  private void visit(String path, Node key, Node node) {
    if (++visited > MAX_VALUES || settings.isFull()) {
      return;
    }
    if (node instanceof ScalarNode) {
      visitScalar(path, key, (ScalarNode) node);
    } else if (!seen.add(node)) {
      settings.error(place(node), "aliases of mappings and lists are not supported");
    } else if (node instanceof MappingNode) {
      if (((MappingNode) node).getValue().isEmpty() && path.indexOf('.') > 0) {
        settings.unfinished(path, place(key));
      }
      visitMapping(path, (MappingNode) node);
    } else if (node instanceof SequenceNode) {
      visitSequence(path, key, (SequenceNode) node);
    }
  }

  private void visitMapping(String path, MappingNode mapping) {
    Map<String, Node> keys = new HashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node keyNode = entry.getKeyNode();
      if (!(keyNode instanceof ScalarNode)) {
        settings.error(place(keyNode), "a key must be a plain word");
        continue;
      }
      if (keyNode.getTag().equals(Tag.MERGE)) {
        merged.add(entry.getValueNode());
        continue;
      }
      String key = ((ScalarNode) keyNode).getValue();
      Node before = keys.putIfAbsent(key, keyNode);
      if (before != null) {
        String full = RawSettings.shown(Property.fullName(join(path, key)));
        settings.error(place(keyNode), full + " is set twice, first at " + place(before));
      } else {
        visit(join(path, key), keyNode, entry.getValueNode());
      }
    }
    for (Node each : merged) {
      merge(path, keys, each);
    }
  }

  /** What is merged sets what is not set yet. */
  private void merge(String path, Map<String, Node> keys, Node merged) {
    if (++visited > MAX_VALUES || settings.isFull()) {
      return;
    }
    if (merged instanceof SequenceNode) {
      for (Node each : ((SequenceNode) merged).getValue()) {
        merge(path, keys, each);
      }
    } else if (merged instanceof MappingNode) {
      for (NodeTuple entry : ((MappingNode) merged).getValue()) {
        Node keyNode = entry.getKeyNode();
        if (keyNode.getTag().equals(Tag.MERGE)) {
          merge(path, keys, entry.getValueNode());
        } else if (keyNode instanceof ScalarNode) {
          String key = ((ScalarNode) keyNode).getValue();
          if (keys.putIfAbsent(key, keyNode) == null) {
            visit(join(path, key), keyNode, entry.getValueNode());
          }
        }
      }
    } else {
      settings.error(place(merged), "only mappings can be merged (<<)");
    }
  }

  private void visitScalar(String path, Node key, ScalarNode scalar) {
    boolean empty = isNull(scalar);
    if (empty && (settings.schema().isSection(path) || path.equals("flyball"))) {
      settings.unfinished(path, place(key));
    } else {
      settings.add(path, place(key), empty ? null : scalar.getValue(), null, place(scalar));
    }
  }

  private void visitSequence(String path, Node key, SequenceNode sequence) {
    List<String> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      if (!(item instanceof ScalarNode)) {
        settings.error(
            place(item),
            RawSettings.shown(Property.fullName(path)) + ": a list item must be a plain value");
        return;
      }
      items.add(((ScalarNode) item).getValue());
    }
    String text = items.isEmpty() ? null : String.join(",", items);
    settings.add(path, place(key), text, items, place(sequence));
  }

  /** The path of a key in a mapping; the optional root {@code flyball} is left out. */
  private static String join(String path, String key) {
    return path.isEmpty() || path.equals("flyball") ? key : path + '.' + key;
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private String place(Node node) {
    Optional<Mark> mark = node.getStartMark();
    return mark.isPresent()
        ? file + ":" + (mark.get().getLine() + 1) + ":" + (mark.get().getColumn() + 1)
        : file.toString();
  }
}
