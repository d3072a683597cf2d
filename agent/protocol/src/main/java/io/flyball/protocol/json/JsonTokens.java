package io.flyball.protocol.json;

import java.util.Arrays;

/**
 * Cuts JSON that arrives in pieces into tokens and shows them to a {@link JsonWalk}. Takes what any
 * parser in use could take: control characters and bytes that are no UTF-8 in strings, single
 * quotes, names without quotes, comments, commas too many, the numbers that JSON lacks, nesting of
 * any depth, and whatever stands behind the document. Where it finds a mistake that no parser
 * passes over (a missing comma or colon, a bracket that closes something else) it reads no further:
 * nobody could say any more what is text and what is not.
 *
 * <p>Memory grows with nothing but a token that is wanted and comes in several pieces, and of that
 * to a limit. How the document is cut into pieces makes no difference. Not thread safe; never
 * throws for what it is fed.
 */
final class JsonTokens {
  /** Bytes of a number, word or name; what is longer is none that anybody asks for. */
  static final int LONGEST_WORD = 1100;

  /** Each level takes a bit. */
  private static final int DEEPEST_NESTING = 1 << 20;

  private static final byte[] EMPTY = {};

  private static final int VALUE = 0;
  private static final int NAME = 1;
  private static final int COLON = 2;
  private static final int NEXT = 3;
  private static final int STRING = 4;
  private static final int WORD = 5;
  private static final int SLASH = 6;
  private static final int LINE_COMMENT = 7;
  private static final int COMMENT = 8;
  private static final int COMMENT_STAR = 9;
  private static final int OVER = 10;
  private static final int MISTAKEN = 11;

  /** Behind the = of Gson's {@code =} and {@code =>}, which stand for a colon. */
  private static final int ARROW = 12;

  private final JsonWalk<?> walk;
  private final int longestString;
  private final JsonValue value = new JsonValue();
  private int state = VALUE;

  /** Where a comment goes back to. */
  private int resumed;

  private int depth;

  /** A bit for each container we are in: whether it is an object. */
  private long[] objects = new long[1];

  /** Whether the document was none with brackets. */
  private boolean scalar;

  /** The depth inside the outermost container that nobody wants to look into; 0 outside. */
  private int passedOver;

  private byte quote;
  private boolean isName;
  private boolean wanted;
  private boolean escaped;
  private boolean escapes;
  private boolean nonAscii;

  /** What came in earlier pieces of the token at hand, as far as it is kept. */
  private byte[] kept = EMPTY;

  private int keptLength;

  /** Counts a string of which not all is kept; null while there is none. */
  private TextLength counted;

  private long unread;

  /**
   * @param walk null where it is only asked whether there is a document
   * @param longestString bytes of a string that are shown; of the rest only the length
   */
  JsonTokens(JsonWalk<?> walk, int longestString) {
    this.walk = walk;
    this.longestString = longestString;
  }

  /** The next document begins. */
  void reset() {
    state = VALUE;
    depth = 0;
    passedOver = 0;
    scalar = false;
    escaped = false;
    keptLength = 0;
    counted = null;
    unread = 0;
    if (objects.length > 64) {
      objects = new long[1];
    }
    if (kept.length > LONGEST_WORD) {
      kept = EMPTY;
    }
  }

  /** Whether the document has come to its end. */
  boolean isOver() {
    return state == OVER;
  }

  /** Whether the document has a mistake in it. */
  boolean isMistaken() {
    return state == MISTAKEN;
  }

  /** How many bytes came behind a mistake. */
  long unread() {
    return unread;
  }

  /** Nothing more comes. */
  void end() {
    if (state == WORD) {
      endWord(EMPTY, 0, 0);
    }
  }

  void feed(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end) {
      switch (state) {
        case STRING:
          i = string(bytes, i, end);
          break;
        case WORD:
          i = word(bytes, i, end);
          break;
        case SLASH:
        case LINE_COMMENT:
        case COMMENT:
        case COMMENT_STAR:
          comment(bytes[i++]);
          break;
        case OVER:
          if (!scalar || isBlank(bytes, i, end)) {
            return;
          }
          // A word and more words are a text.
          state = MISTAKEN;
          break;
        case MISTAKEN:
          unread += end - i;
          return;
        default:
          i = token(bytes[i], i);
          break;
      }
    }
  }

  private static boolean isBlank(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && bytes[i] >= 0 && bytes[i] <= ' ') {
      i++;
    }
    return i == end;
  }

  /** Between two tokens; gives where the next one goes on. */
  private int token(byte b, int at) {
    if (b >= 0 && b <= ' ') {
      return at + 1;
    }
    if (b == '/' || b == '#') {
      resumed = state;
      state = b == '/' ? SLASH : LINE_COMMENT;
      return at + 1;
    }
    switch (state) {
      case VALUE:
        return value(b, at);
      case NAME:
        if (b == '"' || b == '\'') {
          beginString(b, true);
        } else if (b == '}') {
          close(true);
        } else if (isNamePart(b)) {
          beginWord(true);
          return at;
        } else if (!isComma(b)) {
          state = MISTAKEN;
        }
        return at + 1;
      case COLON:
        state = b == ':' ? VALUE : b == '=' ? ARROW : MISTAKEN;
        return at + 1;
      case ARROW:
        state = VALUE;
        return b == '>' ? at + 1 : at;
      default:
        if (isComma(b)) {
          state = isInObject() ? NAME : VALUE;
        } else if (b == '}' || b == ']') {
          close(b == '}');
        } else {
          state = MISTAKEN;
        }
        return at + 1;
    }
  }

  /** Gson takes a semicolon for one. */
  private static boolean isComma(byte b) {
    return b == ',' || b == ';';
  }

  private int value(byte b, int at) {
    if (b == '"' || b == '\'') {
      beginString(b, false);
    } else if (b == '{' || b == '[') {
      open(b == '{');
    } else if (isWord(b)) {
      beginWord(false);
      return at;
    } else if (b == ']' && isInArray()) {
      close(false);
    } else if (!isComma(b) || !isInArray()) {
      state = MISTAKEN;
    }
    return at + 1;
  }

  private boolean isInObject() {
    int level = depth - 1;
    return depth > 0 && (objects[level >> 6] & (1L << level)) != 0;
  }

  /** Not so behind a colon. */
  private boolean isInArray() {
    return depth > 0 && !isInObject();
  }

  private void open(boolean object) {
    if (depth == DEEPEST_NESTING) {
      state = MISTAKEN;
      return;
    }
    int word = depth >> 6;
    if (word == objects.length) {
      objects = Arrays.copyOf(objects, word * 2);
    }
    long bit = 1L << depth;
    objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
    depth++;
    state = object ? NAME : VALUE;
    if (passedOver == 0) {
      boolean lookedInto = walk != null && (object ? walk.beginObject() : walk.beginArray());
      passedOver = lookedInto ? 0 : depth;
    }
  }

  private void close(boolean object) {
    if (depth == 0 || object != isInObject()) {
      state = MISTAKEN;
      return;
    }
    if (passedOver == 0) {
      if (object) {
        walk.endObject();
      } else {
        walk.endArray();
      }
    } else if (passedOver == depth) {
      passedOver = 0;
    }
    depth--;
    state = depth == 0 ? OVER : NEXT;
  }

  // ---- strings

  private void beginString(byte opening, boolean name) {
    begin(name);
    quote = opening;
    escapes = false;
    nonAscii = false;
    state = STRING;
  }

  private void begin(boolean name) {
    isName = name;
    keptLength = 0;
    counted = null;
    wanted = passedOver == 0 && walk != null && depth > 0 && (name || walk.wantsScalar());
  }

  private int string(byte[] bytes, int from, int end) {
    int i = from;
    if (escaped) {
      escaped = false;
      i++;
    }
    byte closing = quote;
    int seen = 0;
    while (i < end) {
      byte b = bytes[i];
      if (b == closing) {
        nonAscii |= seen < 0;
        endString(bytes, from, i);
        return i + 1;
      }
      if (b == '\\') {
        escapes = true;
        i++;
      }
      seen |= b;
      i++;
    }
    nonAscii |= seen < 0;
    escaped = i > end;
    if (wanted) {
      keep(bytes, from, end, isName ? LONGEST_WORD : longestString);
    }
    return end;
  }

  private void endString(byte[] bytes, int from, int stop) {
    if (isName) {
      state = COLON;
      if (wanted) {
        name(bytes, from, stop);
      }
      return;
    }
    endScalar();
    if (!wanted) {
      return;
    }
    boolean plain = !escapes && !nonAscii;
    if (keptLength == 0) {
      int length = stop - from;
      int shown = Math.min(length, longestString);
      value.string(bytes, from, from + shown, plain);
      if (shown < length) {
        value.goesOnTo(stop);
      }
    } else {
      keep(bytes, from, stop, longestString);
      value.string(kept, 0, keptLength, plain);
      if (counted != null) {
        value.ofLength(counted.length());
      }
    }
    walk.scalar(value);
  }

  private void name(byte[] bytes, int from, int stop) {
    byte[] in = bytes;
    int start = from;
    int end = stop;
    if (keptLength > 0) {
      keep(bytes, from, stop, LONGEST_WORD);
      in = kept;
      start = 0;
      end = keptLength;
    }
    if (end - start >= LONGEST_WORD) {
      walk.unknownName();
    } else {
      walk.name(in, start, end, escapes);
    }
  }

  /** The token goes on in the next piece, or ends here and began in one before. */
  private void keep(byte[] bytes, int from, int to, int limit) {
    int count = Math.min(to - from, limit - keptLength);
    if (count > kept.length - keptLength) {
      kept = Arrays.copyOf(kept, Math.max(keptLength + count, Math.min(limit, kept.length * 2)));
    }
    System.arraycopy(bytes, from, kept, keptLength, count);
    keptLength += count;
    if (counted == null && count < to - from) {
      counted = new TextLength();
      counted.add(kept, 0, keptLength);
    } else if (counted != null) {
      count = 0;
    }
    if (counted != null) {
      counted.add(bytes, from + count, to);
    }
  }

  // ---- numbers and words

  private static boolean isWord(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || (b >= 'A' && b <= 'Z')
        || b == '-'
        || b == '.'
        || b == '+'
        || b == '_'
        || b == '$';
  }

  /** In names without quotes; Jackson 2 takes these. */
  private static boolean isNamePart(byte b) {
    return isWord(b) || b == '#' || b == '@' || b == '*' || b < 0;
  }

  private void beginWord(boolean name) {
    begin(name);
    escapes = false;
    state = WORD;
  }

  private int word(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && (isWord(bytes[i]) || (isName && isNamePart(bytes[i])))) {
      i++;
    }
    if (i == end) {
      keep(bytes, from, end, LONGEST_WORD);
    } else {
      endWord(bytes, from, i);
    }
    return i;
  }

  private void endWord(byte[] bytes, int from, int stop) {
    if (isName) {
      state = COLON;
      if (wanted) {
        name(bytes, from, stop);
      }
      return;
    }
    if (keptLength == 0) {
      value.word(bytes, from, Math.min(stop, from + LONGEST_WORD));
    } else {
      keep(bytes, from, stop, LONGEST_WORD);
      value.word(kept, 0, keptLength);
    }
    if (!value.isKnown()) {
      state = MISTAKEN;
      return;
    }
    endScalar();
    if (wanted) {
      walk.scalar(value);
    }
  }

  private void endScalar() {
    scalar = depth == 0;
    state = scalar ? OVER : NEXT;
  }

  // ---- comments

  private void comment(byte b) {
    switch (state) {
      case SLASH:
        state = b == '/' ? LINE_COMMENT : b == '*' ? COMMENT : MISTAKEN;
        break;
      case LINE_COMMENT:
        state = b == '\n' || b == '\r' ? resumed : LINE_COMMENT;
        break;
      default:
        state = b == '*' ? COMMENT_STAR : state == COMMENT_STAR && b == '/' ? resumed : COMMENT;
        break;
    }
  }
}
