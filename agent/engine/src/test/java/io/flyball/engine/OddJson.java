package io.flyball.engine;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON that some parser refuses and another takes. A document is a string of its bytes (ISO
 * 8859-1); what it says of an answer is the same in every form of it.
 */
final class OddJson {
  private static final Charset BYTES = StandardCharsets.ISO_8859_1;

  /** Values that a field has whom nobody asks for. */
  private static final Map<String, String> VALUES = values();

  private OddJson() {}

  private static Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("tab", "\"a\tb\"");
    values.put("NUL", "\"a\0b\"");
    values.put("control characters", "\"\u0001\u001f\u007f\"");
    values.put("no UTF-8", "\"\u00ff\u00fe\u00c3\"");
    values.put("half a character", "\"\u00e2\u0082\"");
    values.put("surrogates", "\"\u00ed\u00a0\u0080\"");
    values.put("NaN", "NaN");
    values.put("Infinity", "[Infinity,-Infinity,+Infinity]");
    values.put("single quotes", "{'a':'b\"c'}");
    values.put("no quotes", "{a:1,$b_2:[]}");
    values.put("words of Python", "[None,True,False]");
    values.put("trailing commas", "[{\"a\":1,},[1,2,],]");
    values.put("commas too many", "[,1,,2]");
    values.put("comments", "/* a } */ 1 /* \" */");
    values.put("escapes that are none", "\"\\q\\x41\\u12\"");
    values.put("half a surrogate pair", "\"\\ud83d\"");
    values.put("numbers that are none", "[01,.5,1.,0x1F,+1]");
    values.put("1,100 levels", nested("[", "]", 1_100));
    values.put("1,100 objects", nested("{\"a\":", "}", 1_100).replace(":}", ":1}"));
    values.put("100,000 levels", nested("[", "]", 100_000));
    values.put("a million digits", repeat("7", 1_000_000));
    values.put("a long key", "{\"" + repeat("k", 1_000_000) + "\":1}");
    values.put("a long string", '"' + repeat("s", 700_000) + '"');
    values.put("the same key again", "1,\"odd\":2");
    return values;
  }

  private static String nested(String open, String close, int levels) {
    return repeat(open, levels) + repeat(close, levels);
  }

  static String repeat(String part, int times) {
    return String.join("", Collections.nCopies(times, part));
  }

  static String of(byte[] bytes) {
    return new String(bytes, BYTES);
  }

  static byte[] bytes(String document) {
    return document.getBytes(BYTES);
  }

  static List<String> kindsOfValues() {
    return new ArrayList<>(VALUES.keySet());
  }

  /** Forms of the data of an event. */
  static List<String> kindsOfData() {
    List<String> kinds = kindsOfValues();
    kinds.addAll(
        Arrays.asList(
            "text behind it",
            "a bracket behind it",
            "another document behind it",
            "a comma in it"));
    return kinds;
  }

  /** Forms of a whole body. */
  static List<String> kindsOfBodies() {
    List<String> kinds = kindsOfData();
    kinds.addAll(
        Arrays.asList(
            "NULs behind it",
            "a comment before it",
            "a line comment",
            "BOM",
            "UTF-16LE",
            "UTF-16BE",
            "UTF-16",
            "UTF-32LE",
            "UTF-32BE"));
    return kinds;
  }

  /** The document in that form. */
  static String odd(String document, String kind) {
    if (VALUES.containsKey(kind)) {
      return document.replaceFirst("\\{", "{\"odd\":@,").replaceFirst("@", quoted(kind));
    }
    switch (kind) {
      case "text behind it":
        return document + " and so on: {";
      case "a bracket behind it":
        return document + "}";
      case "another document behind it":
        return document + "{\"usage\":{\"prompt_tokens\":12345}}";
      case "a comma in it":
        int end = document.lastIndexOf('}');
        return document.substring(0, end) + "," + document.substring(end);
      case "NULs behind it":
        return document + "\0\0\0";
      case "a comment before it":
        return "/* { \" */" + document;
      case "a line comment":
        return document.replaceFirst("\\{", "{// \" }\n#'\r");
      case "BOM":
        return "\u00ef\u00bb\u00bf" + document;
      default:
        String text = new String(bytes(document), StandardCharsets.UTF_8);
        return of(text.getBytes(Charset.forName(kind)));
    }
  }

  private static String quoted(String kind) {
    return java.util.regex.Matcher.quoteReplacement(VALUES.get(kind));
  }
}
