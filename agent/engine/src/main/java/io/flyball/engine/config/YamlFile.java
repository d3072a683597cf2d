package io.flyball.engine.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The settings of a YAML 1.2 file. It is only composed to nodes: no object is ever made from it,
 * and every node knows its line and column. Messages never quote the file, which may hold secrets.
 */
final class YamlFile {
  /** A longer configuration is a mistake. */
  static final int MAX_BYTES = 1024 * 1024;

  private final Path file;
  private final RawSettings settings;
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlFile(Path file, RawSettings settings) {
    this.file = file;
    this.settings = settings;
  }

  /**
   * Adds what the file sets.
   *
   * @param namedBy who gave the file's name; null when it needs not be told
   */
  static void read(Path file, String namedBy, RawSettings settings) {
    String problem;
    try {
      if (Files.isDirectory(file)) {
        problem = "is a directory";
      } else if (Files.size(file) > MAX_BYTES) {
        problem = "is longer than 1 MB";
      } else {
        byte[] content = Files.readAllBytes(file);
        new YamlFile(file, settings).parse(content);
        return;
      }
    } catch (NoSuchFileException e) {
      problem = "does not exist";
    } catch (AccessDeniedException e) {
      problem = "may not be read: permission denied";
    } catch (IOException | SecurityException e) {
      problem = "cannot be read (" + e.getClass().getSimpleName() + ")";
    }
    String by = namedBy == null ? "" : " (the file that " + namedBy + " names)";
    settings.error(file.toString(), problem + by);
  }

  private void parse(byte[] content) {
    LoadSettings how =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setCodePointLimit(MAX_BYTES)
            .setSchema(new CoreSchema())
            .build();
    try {
      Optional<Node> root = new Compose(how).composeInputStream(new ByteArrayInputStream(content));
      if (!root.isPresent() || isNull(root.get())) {
        settings.error(file.toString(), "the file is empty");
      } else if (root.get() instanceof MappingNode) {
        visitMapping("", (MappingNode) root.get());
      } else {
        settings.error(place(root.get()), "the file must hold a mapping, such as mode: observe");
      }
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark =
          e.getProblemMark().isPresent() ? e.getProblemMark() : e.getContextMark();
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      settings.error(place(mark), "not valid YAML: " + context + e.getProblem());
    } catch (YamlEngineException e) {
      settings.error(
          file.toString(), "not valid YAML: it holds characters that YAML does not allow");
    } catch (StackOverflowError e) {
      settings.error(file.toString(), "nested too deeply");
    }
  }

  private void visit(String path, Node key, Node node) {
    if (node instanceof ScalarNode) {
      visitScalar(path, key, (ScalarNode) node);
    } else if (!seen.add(node)) {
      settings.error(place(node), "aliases of mappings and lists are not supported");
    } else if (node instanceof MappingNode) {
      visitMapping(path, (MappingNode) node);
    } else if (node instanceof SequenceNode) {
      visitSequence(path, key, (SequenceNode) node);
    }
  }

  private void visitMapping(String path, MappingNode mapping) {
    Map<String, Node> keys = new HashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node keyNode = entry.getKeyNode();
      if (!(keyNode instanceof ScalarNode)) {
        settings.error(place(keyNode), "a key must be a plain word");
        continue;
      }
      String key = ((ScalarNode) keyNode).getValue();
      Node before = keys.putIfAbsent(key, keyNode);
      if (before != null) {
        String full = Property.fullName(join(path, key));
        settings.error(place(keyNode), full + " is set twice, first at " + place(before));
      } else {
        visit(join(path, key), keyNode, entry.getValueNode());
      }
    }
  }

  private void visitScalar(String path, Node key, ScalarNode scalar) {
    boolean empty = isNull(scalar);
    // A section whose settings are all commented out sets nothing.
    if (!empty || !(Schema.isSection(path) || path.equals("flyball"))) {
      settings.add(path, place(key), empty ? null : scalar.getValue(), null, place(scalar));
    }
  }

  private void visitSequence(String path, Node key, SequenceNode sequence) {
    List<String> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      if (!(item instanceof ScalarNode)) {
        settings.error(
            place(item), Property.fullName(path) + ": a list item must be a plain value");
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
    return place(node.getStartMark());
  }

  private String place(Optional<Mark> mark) {
    return mark.isPresent()
        ? file + ":" + (mark.get().getLine() + 1) + ":" + (mark.get().getColumn() + 1)
        : file.toString();
  }
}
