package io.flyball.protocol.conversation;

import io.flyball.protocol.conversation.Part.ToolCall;
import io.flyball.protocol.conversation.Part.ToolResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a request says, in no provider's words. Immutable, and in a normal form: neighbouring turns
 * of one side are one, every call of a tool has its result in the next turn, and nothing is empty.
 */
final class Conversation {
  /** Instructions that stand before all turns; null when there are none. */
  final String system;

  final List<Turn> turns;
  final List<ToolDefinition> tools;

  /** Null when nothing is said. */
  final ToolChoice toolChoice;

  final boolean parallelToolCalls;

  /** Null for text. */
  final OutputFormat format;

  final Sampling sampling;

  /** In tokens, null when nothing is said. */
  final Long maxOutputTokens;

  final List<String> stopSequences;
  final boolean stream;

  /** Whether the usage of a stream is asked for, or comes without asking. */
  final boolean streamUsage;

  /** Whom the application acts for, or null. */
  final String user;

  /** Null when nothing is said. */
  final Effort effort;

  private Conversation(Builder builder) {
    this.system = builder.system.length() == 0 ? null : builder.system.toString();
    this.turns = Collections.unmodifiableList(builder.finishedTurns);
    this.tools = Collections.unmodifiableList(new ArrayList<>(builder.tools));
    this.toolChoice = builder.toolChoice;
    this.parallelToolCalls = builder.parallelToolCalls;
    this.format = builder.format;
    this.sampling = builder.sampling;
    this.maxOutputTokens = builder.maxOutputTokens;
    this.stopSequences = Collections.unmodifiableList(new ArrayList<>(builder.stopSequences));
    this.stream = builder.stream;
    this.streamUsage = builder.streamUsage;
    this.user = builder.user;
    this.effort = builder.effort;
  }

  /** Whether the assistant's own words stand last, to be gone on with. */
  boolean endsWithAssistant() {
    return !turns.isEmpty() && turns.get(turns.size() - 1).role == Turn.Role.ASSISTANT;
  }

  /** The name of every called tool by the id of the call. */
  Map<String, String> calledTools() {
    Map<String, String> names = new HashMap<>();
    for (Turn turn : turns) {
      for (ToolCall call : turn.only(ToolCall.class)) {
        names.put(call.id, call.name);
      }
    }
    return names;
  }

  /** Collects what a reader finds, in its order. */
  static final class Builder {
    final Sampling sampling = new Sampling();
    final List<ToolDefinition> tools = new ArrayList<>();
    final List<String> stopSequences = new ArrayList<>();
    ToolChoice toolChoice;
    boolean parallelToolCalls = true;
    OutputFormat format;
    Long maxOutputTokens;
    boolean stream;
    boolean streamUsage = true;
    String user;
    Effort effort;

    private final StringBuilder system = new StringBuilder();
    private final List<Turn.Role> roles = new ArrayList<>();
    private final List<List<Part>> parts = new ArrayList<>();
    private List<Turn> finishedTurns;

    /** Goes on, after an empty line, with the instructions there are. */
    void system(String text) {
      if (!text.isEmpty()) {
        system.append(system.length() == 0 ? "" : "\n\n").append(text);
      }
    }

    /** What one side said; goes on with what it said just before. */
    void say(Turn.Role role, List<? extends Part> said) {
      List<Part> words = new ArrayList<>();
      for (Part part : said) {
        boolean empty = part instanceof Part.Text && ((Part.Text) part).text.isEmpty();
        if (!empty) {
          words.add(part);
        }
      }
      if (words.isEmpty()) {
        return;
      }
      int last = roles.size() - 1;
      if (last >= 0 && roles.get(last) == role) {
        parts.get(last).addAll(words);
      } else {
        roles.add(role);
        parts.add(words);
      }
    }

    Conversation build() throws UntranslatableException {
      finishedTurns = new ArrayList<>();
      for (int i = 0; i < roles.size(); i++) {
        finishedTurns.add(ordered(roles.get(i), parts.get(i)));
      }
      checkToolCalls();
      return new Conversation(this);
    }

    private static Turn ordered(Turn.Role role, List<Part> parts) {
      List<Part> results = new ArrayList<>();
      List<Part> content = new ArrayList<>();
      List<Part> calls = new ArrayList<>();
      for (Part part : parts) {
        boolean result = part instanceof ToolResult;
        (result ? results : part instanceof ToolCall ? calls : content).add(part);
      }
      results.addAll(content);
      results.addAll(calls);
      return new Turn(role, results);
    }

    private void checkToolCalls() throws UntranslatableException {
      Set<String> known = new HashSet<>();
      List<ToolCall> open = Collections.emptyList();
      for (Turn turn : finishedTurns) {
        Set<String> answered = new HashSet<>();
        for (ToolResult result : turn.only(ToolResult.class)) {
          if (!answered.add(result.id)) {
            throw new UntranslatableException("two results of one tool call");
          }
        }
        for (ToolCall call : open) {
          if (!answered.remove(call.id)) {
            throw new UntranslatableException("tool call without its result");
          }
        }
        if (!answered.isEmpty()) {
          throw new UntranslatableException("tool result without its call");
        }
        open = turn.only(ToolCall.class);
        for (ToolCall call : open) {
          if (!known.add(call.id)) {
            throw new UntranslatableException("tool calls with the same id");
          }
        }
      }
      if (!open.isEmpty()) {
        throw new UntranslatableException("tool call without its result");
      }
    }
  }
}
