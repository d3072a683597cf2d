package io.flyball.engine.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flyball.engine.tokens.Medium.Kind;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.Utf8;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds the images, sounds, films and files of a request and what they are billed as. Of those that
 * are in the request only their heads are decoded, in place; nothing is copied.
 */
final class MediaReader {
  /** Of a model whose context window nobody knows. */
  private static final long USUAL_WINDOW = 200_000;

  /** Deeper, nobody looks for media; what is there counts as one that cannot be read. */
  private static final int DEEPEST = 200;

  private static final int LONGEST_PREFIX = 200;

  /** What is longer is text that holds an address, if anything. */
  private static final int LONGEST_ADDRESS = 8_192;

  private static final String DATA = "data:";

  /** Ends what a data URL says of itself, in letters of any case. */
  private static final String BASE64 = ";base64,";

  private final byte[] body;
  private final MediaRule rule;
  private final long window;
  private final boolean ultra;

  /** Where the JSON begins. */
  private final int origin;

  private JsonParser parser;

  /** Whether there is something in which media may be and that could not be read. */
  private boolean unread;

  private int depth;
  private long bytes;
  private long audio;
  private long image;
  private long other;
  private long[] places = new long[4];
  private int placed;

  private MediaReader(byte[] body, MediaRule rule, long window) {
    this.body = body;
    this.origin = Utf8.afterByteOrderMark(body);
    this.rule = rule;
    this.window = windowOr(window);
    // Google takes the number of a name as well.
    this.ultra =
        rule.knowsUltra()
            && (contains(body, "ULTRA_HIGH")
                || isNumber(body, "\"level\"")
                || isNumber(body, "esolution\""));
  }

  /** The context window, or the usual one where it is not known. */
  static long windowOr(long window) {
    return window > 0 ? window : USUAL_WINDOW;
  }

  /**
   * @param body in UTF-8 or something like it
   * @param window tokens that a prompt may have, which is the most of a file that is only named; 0
   *     when that is not known
   * @param media how many there are as the request was recognised, which is done by a reader that
   *     passes over more mistakes; where the JSON cannot be read to its end, that many of the
   *     dearest are taken
   */
  static MediaTokens read(JsonFactory json, byte[] body, MediaRule rule, long window, long media) {
    MediaReader reader = new MediaReader(body, rule, window);
    // As ISO 8859-1 each byte is a character: a mistake in UTF-8 is none, and places are bytes.
    try (JsonParser parser = json.createParser(reader.characters())) {
      reader.parser = parser;
      reader.document();
    } catch (IOException broken) {
      reader.unread = true;
    }
    if (reader.unread) {
      reader.audio = Math.max(reader.audio, Counts.times(media, mostOfOne(rule, window)));
    }
    return new MediaTokens(
        reader.bytes,
        reader.audio,
        reader.image,
        reader.other,
        Arrays.copyOf(reader.places, reader.placed));
  }

  /** Of one that nobody has looked at. */
  static long mostOfOne(MediaRule rule, long window) {
    return Math.max(windowOr(window), rule.image(0, 0, null, true));
  }

  private Reader characters() {
    return new InputStreamReader(
        new ByteArrayInputStream(body, origin, body.length - origin), StandardCharsets.ISO_8859_1);
  }

  private static boolean contains(byte[] body, String ascii) {
    return indexOf(body, ascii, 0) >= 0;
  }

  /** Whether some field with a name that ends so is a number. */
  private static boolean isNumber(byte[] body, String name) {
    for (int at = indexOf(body, name, 0); at >= 0; at = indexOf(body, name, at + 1)) {
      int i = at + name.length();
      while (i < body.length && (body[i] <= ' ' || body[i] == ':')) {
        i++;
      }
      if (i < body.length && body[i] >= '0' && body[i] <= '9') {
        return true;
      }
    }
    return false;
  }

  private static int indexOf(byte[] body, String ascii, int from) {
    return indexOf(body, ascii, from, body.length);
  }

  private static int indexOf(byte[] body, String ascii, int from, int end) {
    for (int i = from; i + ascii.length() <= end; i++) {
      int matched = 0;
      while (matched < ascii.length() && body[i + matched] == ascii.charAt(matched)) {
        matched++;
      }
      if (matched == ascii.length()) {
        return i;
      }
    }
    return -1;
  }

  /** An object, as far as it says something of a medium. */
  private static final class Frame {
    final String name;
    final List<Medium> media = new ArrayList<>(0);

    /** Strings that are images where the type says so, and text elsewhere. */
    final List<int[]> perhaps = new ArrayList<>(0);

    String type;
    String mediaType;
    String detail;

    /** Whether the image is an object, which says by itself what of it is looked at. */
    boolean ownDetail;

    double framesPerSecond = 1;
    long start;
    long end;

    /** Whether it may stand for what the server has kept under a name of the application's. */
    boolean kept;

    Frame(String name) {
      this.name = name;
    }
  }

  /** A request, or a list of them. */
  private void document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      request();
    } else if (first == JsonToken.START_ARRAY) {
      for (JsonToken each = parser.nextToken();
          each != JsonToken.END_ARRAY;
          each = parser.nextToken()) {
        if (each == JsonToken.START_OBJECT) {
          request();
        } else {
          parser.skipChildren();
        }
      }
    } else {
      unread = true;
    }
  }

  /** Whether there is no way further in; what is there has been passed over. */
  private boolean isTooDeep() throws IOException {
    if (depth < DEEPEST) {
      return false;
    }
    unread = true;
    parser.skipChildren();
    return true;
  }

  /** Nobody looks further into what is named in letters of another case. */
  private String name() throws IOException {
    String name = parser.currentName();
    unread |= MediaFields.SPELLING.isUnusual(name);
    return name;
  }

  /** Of a request only the prompt is looked at as media; what else there is, counts as text. */
  private void request() throws IOException {
    if (isTooDeep()) {
      return;
    }
    depth++;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = name();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT && PromptFields.REQUESTS.contains(field)) {
        request();
      } else if (PromptFields.PROMPTS.contains(field)) {
        within(new Frame(""), field, token);
      } else if (field.equals("tools") && token == JsonToken.START_ARRAY) {
        tools();
      } else {
        parser.skipChildren();
      }
    }
    depth--;
  }

  /** Tools are text, but for the image that one of them may be given. */
  private void tools() throws IOException {
    for (JsonToken each = parser.nextToken();
        each != null && each != JsonToken.END_ARRAY;
        each = parser.nextToken()) {
      if (each != JsonToken.START_OBJECT) {
        parser.skipChildren();
        continue;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean mask = MediaFields.MASK.equals(parser.currentName());
        if (parser.nextToken() == JsonToken.START_OBJECT && mask) {
          mask();
        } else {
          parser.skipChildren();
        }
      }
    }
  }

  private void mask() throws IOException {
    Frame frame = new Frame(MediaFields.MASK);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        parser.skipChildren();
      } else if (field.equals("image_url") || field.equals("file_id")) {
        place(frame.perhaps);
      }
    }
    images(frame);
    addAll(frame);
  }

  /** Reads an object whose first brace has been read. */
  private void object(Frame frame) throws IOException {
    if (isTooDeep()) {
      return;
    }
    depth++;
    // Where the string stands, for what is only told behind it.
    List<int[]> data = new ArrayList<>(0);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = name();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING) {
        string(frame, field, data);
      } else if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        if (field.equals("fps")) {
          frame.framesPerSecond = Math.max(frame.framesPerSecond, parser.getDoubleValue());
        }
      } else {
        within(frame, field, token);
      }
    }
    depth--;
    for (int[] place : data) {
      medium(frame, place[0], place[1]);
    }
    boolean made = MediaFields.MADE_IMAGE.equals(frame.type);
    if (made || (MediaFields.OUTPUTS.equals(frame.name) && "image".equals(frame.type))) {
      images(frame);
    }
    Kind elsewhere = made ? Kind.IMAGE : frame.kept ? kindOf(frame) : null;
    if (elsewhere != null && frame.media.isEmpty()) {
      frame.media.add(Medium.named(elsewhere));
    }
    boolean isPart = !MediaFields.HOLDERS.contains(frame.name);
    if (isPart) {
      addAll(frame);
    }
  }

  private void addAll(Frame frame) {
    for (Medium each : frame.media) {
      add(each, frame);
    }
    frame.media.clear();
  }

  private void within(Frame frame, String field, JsonToken token) throws IOException {
    if (MediaFields.NOT_LOOKED_INTO.contains(field)
        || (field.equals("input") && token == JsonToken.START_OBJECT)) {
      parser.skipChildren();
    } else if (token == JsonToken.START_OBJECT) {
      Frame inner = new Frame(field);
      object(inner);
      frame.media.addAll(inner.media);
      if (field.equals("image_url")) {
        frame.ownDetail = true;
        frame.detail = inner.detail;
      } else {
        detail(frame, inner.detail);
      }
      frame.framesPerSecond = Math.max(frame.framesPerSecond, inner.framesPerSecond);
      frame.start = inner.end > 0 ? inner.start : frame.start;
      frame.end = Math.max(frame.end, inner.end);
    } else if (token == JsonToken.START_ARRAY) {
      array(frame.name.equals(MediaFields.FRAMES) ? MediaFields.FRAMES : field);
    }
  }

  private void array(String field) throws IOException {
    if (isTooDeep()) {
      return;
    }
    depth++;
    List<int[]> addresses = new ArrayList<>(0);
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == JsonToken.START_OBJECT) {
        object(new Frame(field.equals(MediaFields.OUTPUTS) ? field : ""));
      } else if (token == JsonToken.START_ARRAY) {
        array(field);
      } else if (token == JsonToken.VALUE_STRING && MediaFields.LISTED.contains(field)) {
        place(addresses);
      }
    }
    depth--;
    // What is listed as a film are its frames.
    boolean frames = field.equals("video") || field.equals(MediaFields.FRAMES);
    Frame each = new Frame(frames ? "image" : field);
    for (int[] place : addresses) {
      medium(each, place[0], place[1]);
    }
    for (Medium medium : each.media) {
      add(medium, each);
    }
  }

  private void string(Frame frame, String field, List<int[]> data) throws IOException {
    switch (field) {
      case "type":
        frame.type = parser.getText();
        break;
      case "detail":
        detail(frame, parser.getText());
        break;
      case "fps":
        frame.framesPerSecond = Math.max(frame.framesPerSecond, number(parser.getText()));
        break;
      case "media_type":
      case "mimeType":
      case "mime_type":
        frame.mediaType = parser.getText();
        break;
      case "format":
        frame.mediaType = frame.mediaType == null ? "audio/" + parser.getText() : frame.mediaType;
        break;
      case "uuid":
        frame.kept = true;
        break;
      case "content":
      case "text":
        files(frame);
        break;
      case "startOffset":
      case "start_offset":
        frame.start = seconds(parser.getText(), false);
        break;
      case "endOffset":
      case "end_offset":
        frame.end = seconds(parser.getText(), true);
        break;
      default:
        boolean addressOfPart =
            (field.equals("url") || field.equals("data"))
                && !MediaFields.HOLDERS.contains(frame.name);
        if (field.equals(MediaFields.RESULT) || (addressOfPart && field.equals("url"))) {
          place(frame.perhaps);
        }
        // Variables have names of the application's own, and are text when they are strings.
        if (MediaFields.STRINGS.contains(field)
            && !addressOfPart
            && !frame.name.equals("variables")) {
          place(data);
        } else if (field.equals("id") && frame.name.equals("audio")) {
          frame.media.add(Medium.named(Kind.AUDIO));
        }
    }
  }

  private static void detail(Frame frame, String told) {
    frame.detail = told == null || frame.ownDetail ? frame.detail : told;
  }

  /** As many as there can be where it is none. */
  private static double number(String text) {
    try {
      double number = Double.parseDouble(text.trim());
      return number >= 0 ? number : Double.MAX_VALUE;
    } catch (NumberFormatException none) {
      return Double.MAX_VALUE;
    }
  }

  private static long seconds(String text, boolean up) {
    try {
      double seconds =
          Double.parseDouble(text.endsWith("s") ? text.substring(0, text.length() - 1) : text);
      return (long) (up ? Math.ceil(seconds) : Math.floor(seconds));
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  /** Remembers where the string at hand is, without reading it. */
  private void place(List<int[]> data) {
    int start = origin + (int) parser.currentTokenLocation().getCharOffset() + 1;
    byte quote = start > 0 && start <= body.length ? body[start - 1] : 0;
    if (quote != '"' && quote != '\'') {
      unread = true;
      return;
    }
    int end = start;
    while (end < body.length && body[end] != quote) {
      end += body[end] == '\\' ? 2 : 1;
    }
    data.add(new int[] {start, Math.min(end, body.length)});
  }

  /** The string at hand may be the names of files; as text it counts besides. */
  private void files(Frame frame) {
    List<int[]> places = new ArrayList<>(0);
    place(places);
    for (int[] text : places) {
      int at =
          indexOf(
              body,
              MediaFields.FILE_ID,
              text[0],
              Math.min(text[1], text[0] + MediaFields.FILE_ID.length()));
      while (at >= 0) {
        frame.media.add(Medium.named(Kind.FILE));
        at = indexOf(body, MediaFields.FILE_ID, at + 1, text[1]);
      }
    }
  }

  /** The string is counted here, and nowhere else. */
  private void counted(int start, int end) {
    if (placed == places.length) {
      places = Arrays.copyOf(places, 2 * placed);
    }
    places[placed++] = MediaTokens.place(start, end);
  }

  private void medium(Frame frame, int start, int end) throws IOException {
    if (MediaFields.FOR_A_TOOL.equals(frame.type) || "text".equals(frame.type)) {
      return;
    }
    Kind kind = kindOf(frame);
    String head = head(start, Math.min(LONGEST_PREFIX, end - start));
    boolean address = false;
    int from = start;
    if (head.regionMatches(true, 0, DATA, 0, DATA.length())) {
      String url = head(start, Math.min(end - start, LONGEST_ADDRESS));
      int base64 = url.toLowerCase(Locale.ROOT).indexOf(BASE64);
      Kind said = Medium.kindOf(url.substring(DATA.length(), Math.max(DATA.length(), base64)));
      kind = said == null ? kind : said;
      if (base64 < 0) {
        percentEncoded(frame, url, kind);
        return;
      }
      from = start + base64 + BASE64.length();
    } else {
      // An address has a scheme, an id is short: data of that length is less than any address.
      address =
          head.contains("://")
              || head.contains(":\\/\\/")
              || end - start < LONGEST_PREFIX && !isData(frame);
    }
    if (address) {
      if (end - start <= LONGEST_ADDRESS) {
        counted(start, end);
      }
      frame.media.add(Medium.named(kind == null || kind == Kind.TEXT ? unsaid(frame) : kind));
      return;
    }
    counted(start, end);
    Medium read = Medium.read(new Base64Input(body, from, end), (end - from) * 3L / 4 + 1, kind);
    if (read.kind == Kind.TEXT) {
      text(from, end, read.length);
      return;
    }
    if (kind == Kind.TEXT) {
      // It says that it is text, and looks like something else: both.
      other = Counts.plus(other, read.length);
    }
    bytes += end - from;
    frame.media.add(read);
  }

  /** An image each, and text besides where it is not surely one. */
  private void images(Frame frame) throws IOException {
    for (int[] place : frame.perhaps) {
      int end = place[1];
      String url =
          head(place[0], Math.min(LONGEST_ADDRESS, end - place[0])).toLowerCase(Locale.ROOT);
      int base64 = url.startsWith(DATA) ? url.indexOf(BASE64) : -1;
      int from = base64 < 0 ? place[0] : place[0] + base64 + BASE64.length();
      Medium read = Medium.read(new Base64Input(body, from, end), (end - from) * 3L / 4 + 1, null);
      boolean surely = read.kind == Kind.IMAGE;
      if (surely) {
        counted(place[0], end);
        bytes += end - from;
      }
      frame.media.add(surely ? read : Medium.named(Kind.IMAGE));
    }
  }

  /**
   * Google names sounds and films as well as documents; one that it does not tell may be either.
   */
  private static Kind unsaid(Frame frame) {
    boolean google = frame.name.equals("fileData") || frame.name.equals("file_data");
    return google && frame.mediaType == null ? Kind.AUDIO : Kind.FILE;
  }

  /** A data URL without base64, or one that says more of itself than anybody reads. */
  private static void percentEncoded(Frame frame, String url, Kind where) {
    int comma = url.indexOf(',');
    String type = url.substring(DATA.length(), comma < 0 ? url.length() : comma);
    Kind said = Medium.kindOf(type);
    // Text counts as what stands in the request.
    if (!type.isEmpty() && said != Kind.TEXT) {
      Kind kind = said != null ? said : where;
      frame.media.add(Medium.named(kind == null || kind == Kind.TEXT ? Kind.FILE : kind));
    }
  }

  private String head(int start, int length) {
    return new String(body, start, length, StandardCharsets.ISO_8859_1);
  }

  /** Text that stands where media do: no more tokens than bytes. */
  private void text(int start, int end, long length) {
    bytes += end - start;
    other = Counts.plus(other, length);
  }

  private static boolean isData(Frame frame) {
    return "base64".equals(frame.type)
        || frame.name.equals("inlineData")
        || frame.name.equals("inline_data")
        || frame.name.equals("input_audio");
  }

  private static Kind kindOf(Frame frame) {
    Kind said = Medium.kindOf(frame.mediaType);
    if (said != null) {
      return said;
    }
    String words = frame.name + ' ' + frame.type;
    return words.contains("image") || words.contains("screenshot")
        ? Kind.IMAGE
        : words.contains("audio") ? Kind.AUDIO : words.contains("video") ? Kind.VIDEO : null;
  }

  private void add(Medium medium, Frame part) {
    Kind kind = medium.kind;
    if (kind == Kind.FILE && medium.length < 0 && kindOf(part) != null) {
      kind = kindOf(part);
    }
    switch (kind) {
      case IMAGE:
        image = Counts.plus(image, rule.image(medium.width, medium.height, part.detail, ultra));
        break;
      case AUDIO:
        audio =
            Counts.plus(
                audio, medium.seconds > 0 ? Counts.times(medium.seconds, rule.audio()) : window);
        break;
      case VIDEO:
        other = Counts.plus(other, video(medium, part));
        break;
      default:
        other = Counts.plus(other, file(medium));
    }
  }

  private long video(Medium medium, Frame part) {
    long seconds = part.end > part.start ? part.end - part.start + 1 : medium.seconds;
    long frames =
        (long) Math.ceil(Math.min(seconds, window) * Math.min(part.framesPerSecond, window));
    return seconds == 0
        ? window
        : Counts.plus(Counts.times(frames + 1, rule.frame()), Counts.times(seconds, rule.audio()));
  }

  private long file(Medium medium) {
    return medium.pages > 0
        ? Counts.times(medium.pages, rule.page())
        : Math.min(window, Counts.times(rule.mostPages(), rule.page()));
  }
}
