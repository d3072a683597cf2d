package io.flyball.protocol.trim;

import io.flyball.protocol.json.JsonEdits;
import io.flyball.protocol.json.JsonTree;

/** Shorter and shorter texts: all that are longer than a length that shrinks are cut to it. */
final class MiddleOfTexts implements Trimming {
  private static final String MARKER = "[…]";
  private static final int STEPS = 128;

  /** Of a text, in bytes, that is always left. */
  private static final int SHORTEST = 200;

  private final byte[] body;
  private final Dialogue dialogue;
  private final int longest;

  MiddleOfTexts(byte[] body, Dialogue dialogue) {
    this.body = body;
    this.dialogue = dialogue;
    int most = 0;
    for (JsonTree text : dialogue.texts) {
      most = Math.max(most, text.length());
    }
    this.longest = most;
  }

  @Override
  public int steps() {
    return longest > 2 * SHORTEST ? STEPS : 0;
  }

  @Override
  public byte[] at(int step) {
    if (step == 0) {
      return body;
    }
    int keep = (int) (longest - (long) (longest - SHORTEST) * step / STEPS);
    JsonEdits edits = new JsonEdits(dialogue.document);
    for (JsonTree text : dialogue.texts) {
      if (text.length() > keep) {
        edits.cutMiddle(text, keep, MARKER);
      }
    }
    return edits.apply();
  }
}
