package io.flyball.settings.yaml;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Makes nodes of the one document of a YAML 1.2 file, in time and memory that its length bounds.
 *
 * <p>The library's own composer follows merges while it composes, of a mapping that merges itself
 * for ever, and recurses as deep as the file is nested. Here an alias is the node that it names,
 * and nothing is merged: whoever walks through the nodes counts what it visits.
 */
public final class YamlNodes {
  /** No file of ours is nested a tenth of that. */
  static final int MAX_DEPTH = 50;

  static final int MAX_ALIASES = 1_000;

  private final int maxNodes;
  private final Map<Anchor, Node> anchors = new HashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private Node root;
  private int nodes;
  private int aliases;

  private YamlNodes(int maxNodes) {
    this.maxNodes = maxNodes;
  }

  /**
   * The root of the document.
   *
   * @param label how the library's marks call the file
   * @param content bytes of UTF-8, or of UTF-16 with a byte order mark
   * @param maxNodes how many mappings, sequences and scalars it may have
   * @return null when there is no document
   * @throws YamlProblem when it is not YAML, or goes beyond a bound
   */
  public static Node compose(String label, byte[] content, int maxNodes) throws YamlProblem {
    LoadSettings settings =
        LoadSettings.builder().setLabel(label).setCodePointLimit(Integer.MAX_VALUE).build();
    YamlNodes nodes = new YamlNodes(maxNodes);
    try {
      for (Event event : new Parse(settings).parseInputStream(new ByteArrayInputStream(content))) {
        nodes.take(event);
      }
      return nodes.root;
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark =
          e.getProblemMark().isPresent() ? e.getProblemMark() : e.getContextMark();
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      throw invalid(mark, context + e.getProblem());
    } catch (YamlEngineException e) {
      throw ForbiddenCharacter.in(label, content);
    } catch (RuntimeException | StackOverflowError e) {
      // A fault of the library.
      throw invalid(Optional.empty(), "it cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static YamlProblem invalid(Optional<Mark> mark, String why) {
    return new YamlProblem(mark, "not valid YAML: " + why);
  }

  private void take(Event event) throws YamlProblem {
    switch (event.getEventId()) {
      case DocumentStart:
        if (root != null) {
          throw invalid(event.getStartMark(), "it holds more than one document");
        }
        break;
      case Scalar:
        add(scalar((ScalarEvent) event), (NodeEvent) event);
        break;
      case Alias:
        alias((AliasEvent) event);
        break;
      case SequenceStart:
      case MappingStart:
        begin((CollectionStartEvent) event);
        break;
      case SequenceEnd:
      case MappingEnd:
        open.pop();
        break;
      default:
        break;
    }
  }

  private void begin(CollectionStartEvent event) throws YamlProblem {
    if (open.size() >= MAX_DEPTH) {
      throw new YamlProblem(
          event.getStartMark(), "nested too deeply, more than " + MAX_DEPTH + " levels");
    }
    boolean mapping = event.getEventId() == Event.ID.MappingStart;
    Tag tag = event.getTag().map(Tag::new).orElse(mapping ? Tag.MAP : Tag.SEQ);
    Open opened = new Open();
    if (mapping) {
      opened.entries = new ArrayList<>();
      opened.node =
          new MappingNode(
              tag,
              true,
              opened.entries,
              event.getFlowStyle(),
              event.getStartMark(),
              event.getEndMark());
    } else {
      opened.items = new ArrayList<>();
      opened.node =
          new SequenceNode(
              tag,
              true,
              opened.items,
              event.getFlowStyle(),
              event.getStartMark(),
              event.getEndMark());
    }
    add(opened.node, event);
    open.push(opened);
  }

  private static ScalarNode scalar(ScalarEvent event) {
    String value = event.getValue();
    Tag tag = Tag.STR;
    if (event.getTag().isPresent()) {
      tag = new Tag(event.getTag().get());
    } else if (event.isPlain() && value.equals("<<")) {
      tag = Tag.MERGE;
    } else if (event.isPlain() && isNull(value)) {
      tag = Tag.NULL;
    }
    return new ScalarNode(
        tag, true, value, event.getScalarStyle(), event.getStartMark(), event.getEndMark());
  }

  /** What the core schema takes for null. */
  private static boolean isNull(String value) {
    return value.isEmpty()
        || value.equals("~")
        || value.equals("null")
        || value.equals("Null")
        || value.equals("NULL");
  }

  private void alias(AliasEvent event) throws YamlProblem {
    Node named = anchors.get(event.getAlias());
    if (named == null) {
      throw invalid(event.getStartMark(), "there is no anchor of that alias");
    }
    for (Open each : open) {
      if (each.node == named) {
        throw new YamlProblem(event.getStartMark(), "an alias of what it is itself a part of");
      }
    }
    if (++aliases > MAX_ALIASES) {
      throw new YamlProblem(event.getStartMark(), "more than " + MAX_ALIASES + " aliases");
    }
    put(named, event.getStartMark());
  }

  private void add(Node node, NodeEvent event) throws YamlProblem {
    if (event.getAnchor().isPresent()) {
      anchors.put(event.getAnchor().get(), node);
    }
    put(node, event.getStartMark());
  }

  private void put(Node node, Optional<Mark> mark) throws YamlProblem {
    if (++nodes > maxNodes) {
      throw new YamlProblem(mark, "too long, more than " + maxNodes + " values");
    }
    if (open.isEmpty()) {
      root = node;
    } else {
      open.peek().put(node);
    }
  }

  /** A mapping or sequence whose end has not come yet. */
  private static final class Open {
    private Node node;
    private List<Node> items;
    private List<NodeTuple> entries;
    private Node key;

    void put(Node child) {
      if (items != null) {
        items.add(child);
      } else if (key == null) {
        key = child;
      } else {
        entries.add(new NodeTuple(key, child));
        key = null;
      }
    }
  }
}
