package io.flyball.protocol.trim;

import io.flyball.protocol.json.JsonEdits;
import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.trim.Entry.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Fewer and fewer turns of a conversation. */
final class OldestTurns implements Trimming {
  private final byte[] body;
  private final Dialogue dialogue;
  private final List<Entry> entries;

  /** Before each of these the whole conversation can go. */
  private final List<Integer> turns;

  /** From {@link #round} to each of these, rounds of tool calls can go. */
  private final List<Integer> rounds = new ArrayList<>();

  private int round;

  OldestTurns(byte[] body, Dialogue dialogue) {
    this.body = body;
    this.dialogue = dialogue;
    this.entries = dialogue.entries;
    int last = last(Kind.USER);
    this.turns = cuts(0, last);
    if (last >= 0) {
      round = last + 1;
      rounds.addAll(cuts(round, lastWordsOfUser(last)));
    }
  }

  private int last(Kind kind) {
    int last = entries.size() - 1;
    while (last >= 0 && entries.get(last).kind != kind) {
      last--;
    }
    return last;
  }

  /** Beyond it nothing goes: the user's last words, among results of tools, must stay. */
  private int lastWordsOfUser(int lastTurn) {
    for (int i = entries.size() - 1; i > lastTurn; i--) {
      if (entries.get(i).userSpeaks) {
        return i;
      }
    }
    return entries.size() - 1;
  }

  /**
   * Up to where what begins at {@code from} can go: what follows begins with a turn of its own and
   * no call is parted from its result.
   *
   * @param most the last place asked about
   */
  private List<Integer> cuts(int from, int most) {
    List<Integer> cuts = new ArrayList<>();
    int reach = -1;
    boolean something = false;
    for (int i = from; i <= most; i++) {
      if (something && reach < i && begins(i, from > 0 ? Kind.MODEL : Kind.USER)) {
        cuts.add(i);
      }
      Entry entry = entries.get(i);
      if (entry.kind == Kind.FIXED || entry.firstCall < from) {
        return cuts;
      }
      reach = Math.max(reach, entry.lastResult);
      something |= entry.kind != Kind.KEPT;
    }
    return cuts;
  }

  /** Whether that side begins to speak there. */
  private boolean begins(int index, Kind side) {
    if (entries.get(index).kind != side) {
      return false;
    }
    int before = index - 1;
    while (before >= 0 && entries.get(before).kind == Kind.KEPT) {
      before--;
    }
    return before < 0 || entries.get(before).kind != side;
  }

  @Override
  public int steps() {
    return turns.size() + rounds.size();
  }

  @Override
  public byte[] at(int step) {
    if (step == 0) {
      return body;
    }
    Set<JsonTree> gone = new HashSet<>();
    int turn = Math.min(step, turns.size());
    if (turn > 0) {
      leave(0, turns.get(turn - 1), gone);
    }
    if (step > turns.size()) {
      leave(round, rounds.get(step - turns.size() - 1), gone);
    }
    return new JsonEdits(dialogue.document).remove(dialogue.container, gone).apply();
  }

  private void leave(int from, int to, Set<JsonTree> gone) {
    for (Entry entry : entries.subList(from, to)) {
      if (entry.kind != Kind.KEPT) {
        gone.add(entry.value);
      }
    }
  }
}
