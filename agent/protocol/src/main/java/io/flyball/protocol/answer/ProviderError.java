package io.flyball.protocol.answer;

import io.flyball.protocol.failure.FailureReader;
import io.flyball.protocol.json.JsonValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * An error in a provider's words. Most wrap it in an object {@code error}; vLLM, Mistral and the
 * responses API put its parts on the outermost object ("flat"), where they mean an error only when
 * the object says so or the HTTP status does.
 */
final class ProviderError {
  /** Codes that say that nothing went wrong. */
  private static final Set<String> SUCCESS =
      Collections.unmodifiableSet(
          new HashSet<>(Arrays.asList("", "0", "200", "success", "ok", "succeeded")));

  private boolean seen;
  private String code;
  private String number;
  private String type;
  private String message;

  private boolean flat;
  private String flatCode;
  private String flatNumber;
  private String flatType;
  private String flatMessage;
  private String lastType;
  private boolean unsuccessful;
  private boolean inAnswer;

  ProviderError(boolean seen) {
    this.seen = seen;
  }

  boolean seen() {
    return seen;
  }

  void see() {
    seen = true;
  }

  /** It is said by the answer, and does not stand in the place of one. */
  void inAnswer() {
    inAnswer = true;
  }

  boolean isInAnswer() {
    return inAnswer;
  }

  /** A name for the error unless the provider gave one itself. */
  void see(String unnamed) {
    seen = true;
    type = type != null ? type : unnamed;
  }

  void bare(JsonValue value) {
    if (value.isString()) {
      seen = true;
      message = value.text();
    }
  }

  void message(JsonValue value) {
    message = value.isString() ? value.text() : message;
  }

  void type(JsonValue value) {
    type = value.isString() ? value.text() : type;
  }

  void code(JsonValue value) {
    if (value.isString()) {
      code = value.text();
    } else {
      number = numberOr(number, value);
    }
  }

  void flatMark(JsonValue value) {
    flat |= value.is("error");
  }

  /** Some APIs mark the flat form with {@code "type":"error"}, others name the error there. */
  String flatType(JsonValue value) {
    lastType = value.text(lastType);
    flatType = lastType;
    flat |= value.is("error");
    return lastType;
  }

  void flatMessage(JsonValue value) {
    flatMessage = value.isString() ? value.text() : flatMessage;
  }

  void success(JsonValue value) {
    unsuccessful |= value.isFalse() || value.is("false");
  }

  /** A number that means nothing elsewhere. */
  void baseCode(JsonValue value) {
    Long told = value.integer();
    if (told != null && told != 0) {
      flatCode = "minimax_" + told;
      unsuccessful = true;
    }
  }

  void flatCode(JsonValue value) {
    if (value.isString()) {
      flatCode = value.characters() == 0 ? flatCode : value.text();
    } else {
      flatNumber = numberOr(flatNumber, value);
    }
  }

  private static String numberOr(String known, JsonValue value) {
    Long told = value.integer();
    return told == null ? known : told.toString();
  }

  /**
   * The outermost object is over: was what it said flat out an error?
   *
   * @param nothingElse whether the answer says nothing but that so far
   */
  void settle(boolean failedStatus, boolean nothingElse) {
    boolean vendors = !seen && !flat && !failedStatus && nothingElse && isVendors();
    inAnswer |= vendors;
    if (flat || failedStatus || vendors) {
      seen = true;
      code = code != null ? code : flatCode;
      number = number != null ? number : flatNumber;
      type = type != null ? type : flatType;
      message = message != null ? message : flatMessage;
    }
    flat = false;
    unsuccessful = false;
    flatCode = null;
    flatNumber = null;
    flatType = null;
    flatMessage = null;
  }

  /**
   * Several vendors say with status 200 what went wrong: in a flag, in a code that is none of
   * success beside a message, or only in words.
   */
  private boolean isVendors() {
    if (unsuccessful) {
      return true;
    }
    if (flatMessage == null) {
      return false;
    }
    String name = flatCode != null ? flatCode : flatNumber;
    return name == null
        ? FailureReader.isKnown(flatMessage)
        : !SUCCESS.contains(name.toLowerCase(Locale.ROOT));
  }

  /** A code in words says most; a number often only repeats the HTTP status. Null if unnamed. */
  String name() {
    if (code != null) {
      return code;
    }
    return type != null ? type : number;
  }

  String message() {
    return message;
  }
}
