package io.flyball.engine.anomaly;

import io.flyball.engine.call.Attribution;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Follows conversations from call to call. A request goes on with a conversation when it begins
 * with all messages of that one's last request, so that two that merely begin alike are told apart.
 * What counts are the calls since a person last spoke: a person is a user's message that comes
 * later than the answer can be read. Not thread safe.
 */
final class LoopWatch {
  /** Nobody reads an answer, thinks and writes in less. */
  private static final long PERSON_MILLIS = TimeUnit.SECONDS.toMillis(3);

  private static final long QUIET_MILLIS = TimeUnit.MINUTES.toMillis(5);

  /** How many messages one step adds at most: one with many tool calls adds their results. */
  private static final int MAX_ADDED = 64;

  private final int maxConversations;
  private final Notices notices;
  private final Map<Long, Followed> followed = new LinkedHashMap<>(16, 0.75f, true);
  private final Wrong<Followed> wrong;
  private AnomalySettings settings;

  /**
   * @param maxConversations those that have not been heard of for the longest time are forgotten
   */
  LoopWatch(AnomalySettings settings, int maxConversations, Notices notices) {
    this.settings = settings;
    this.maxConversations = maxConversations;
    this.notices = notices;
    this.wrong = new Wrong<>(notices);
  }

  void apply(AnomalySettings newSettings) {
    settings = newSettings;
  }

  /**
   * A call has ended.
   *
   * @param began when the application made it, in milliseconds since the epoch
   * @param ended when it had its answer
   * @param refused whether the answer was a no of ours: then nobody counts as a person
   */
  void called(
      Conversation conversation, Attribution whose, long began, long ended, boolean refused) {
    Followed state = find(conversation);
    if (state == null) {
      state = new Followed(whose, conversation.beginning(1));
    } else if (state.messages < conversation.messages()) {
      goOn(state, !refused && isOfPerson(state, conversation, began), ended);
    }
    if (state.isWrong()) {
      state.calls++;
    }
    state.messages = conversation.messages();
    state.lastHash = conversation.whole();
    state.endedAt = ended;
    followed.put(state.lastHash, state);
    if (!state.isWrong()) {
      judge(state, conversation, ended);
    }
    Wrong.forgetOldest(followed, maxConversations);
  }

  private Followed find(Conversation conversation) {
    int least = Math.max(1, conversation.messages() - MAX_ADDED);
    for (int messages = conversation.messages(); messages >= least; messages--) {
      Followed state = followed.remove(conversation.beginning(messages));
      if (state != null) {
        return state;
      }
    }
    return findLoop(conversation);
  }

  /** A loop that goes back a few steps and on from there is the same loop. */
  private Followed findLoop(Conversation conversation) {
    for (Followed state : wrong.all()) {
      for (int messages = conversation.messages(); messages > 0; messages--) {
        if (conversation.beginning(messages) == state.flaggedHash) {
          followed.remove(state.lastHash);
          return state;
        }
      }
    }
    return null;
  }

  private static boolean isOfPerson(Followed state, Conversation conversation, long began) {
    return conversation.endsWithUser() && began - state.endedAt >= PERSON_MILLIS;
  }

  private void goOn(Followed state, boolean person, long now) {
    if (!person) {
      state.steps++;
      return;
    }
    state.steps = 0;
    state.excused = 0;
    if (state.isWrong()) {
      end(state, now, Anomaly.End.OVER);
    }
  }

  private void judge(Followed state, Conversation conversation, long now) {
    int repeats = conversation.repeats() - state.excused;
    state.repeats = conversation.repeats();
    boolean sameTool = settings.loopRepeats() > 0 && repeats >= settings.loopRepeats();
    boolean endless = settings.loopSteps() > 0 && state.steps >= settings.loopSteps();
    if (!sameTool && !endless) {
      return;
    }
    state.calls = 0;
    state.flaggedHash = state.lastHash;
    wrong.begin(
        state,
        Anomaly.ofConversation(
            notices.nextId(),
            sameTool ? Anomaly.Kind.TOOL_LOOP : Anomaly.Kind.LOOP,
            now,
            state.name,
            state.whose,
            sameTool ? conversation.repeats() : state.steps));
  }

  /** Looks which loops have come to rest. */
  void look(long now) {
    for (Followed state : wrong.all()) {
      if (now - state.endedAt >= QUIET_MILLIS) {
        end(state, now, Anomaly.End.OVER);
      }
    }
  }

  /** Ends an anomaly by hand: as many calls again are allowed. */
  boolean release(String id, long now) {
    Followed state = wrong.find(id);
    if (state != null) {
      end(state, now, Anomaly.End.RELEASED);
    }
    return state != null;
  }

  private void end(Followed state, long now, Anomaly.End why) {
    state.steps = 0;
    state.excused = state.repeats;
    wrong.end(state, now, why, state.calls);
  }

  List<Anomaly> anomalies() {
    return wrong.anomalies();
  }

  /** What requests that go on with a loop begin with. */
  Set<Long> loops() {
    Set<Long> loops = new HashSet<>();
    for (Followed state : wrong.all()) {
      loops.add(state.flaggedHash);
    }
    return loops;
  }

  /** One conversation. */
  private static final class Followed extends Wrong.Suspect {
    private final Attribution whose;
    private final String name;
    private int messages;
    private long lastHash;
    private long endedAt;
    private int steps;
    private int repeats;
    private int excused;
    private int calls;
    private long flaggedHash;

    Followed(Attribution whose, long beginning) {
      this.whose = whose;
      this.name = Long.toHexString(beginning);
    }
  }
}
