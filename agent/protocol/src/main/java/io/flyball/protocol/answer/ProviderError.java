package io.flyball.protocol.answer;

import io.flyball.protocol.failure.ErrorWords;
import io.flyball.protocol.failure.FailureReader;
import io.flyball.protocol.json.JsonValue;

/**
 * An error in a provider's words. Most wrap it in an object {@code error}; vLLM, Mistral and the
 * responses API put its parts on the outermost object ("flat"), where they mean an error only when
 * the object says so or the HTTP status does.
 */
final class ProviderError {
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

  /** Only what says something is an error: many servers send the empty field with every answer. */
  void bare(JsonValue value) {
    message(value);
  }

  /** The same of what is no JSON. */
  void words(String told) {
    if (ErrorWords.saySomething(told)) {
      seen = true;
      message = message == null ? told : message;
    }
  }

  void message(JsonValue value) {
    message = telling(value, message);
  }

  void type(JsonValue value) {
    type = telling(value, type);
  }

  void code(JsonValue value) {
    if (value.isString()) {
      code = telling(value, code);
      return;
    }
    String told = numberOr(null, value);
    if (told != null && ErrorWords.saySomething(told)) {
      seen = true;
      number = told;
    }
  }

  /** The string, which makes it an error; what is known where it says nothing. */
  private String telling(JsonValue value, String known) {
    String told = value.isString() ? value.text() : null;
    if (told == null || !ErrorWords.saySomething(told)) {
      return known;
    }
    seen = true;
    return told;
  }

  void flatMark(JsonValue value) {
    flat |= value.is("error");
  }

  /** What an event is called whose data does not say it. */
  void flatMark(String eventName) {
    flat |= "error".equals(eventName);
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
   * @param onlyThis whether there is nothing of an answer in that object
   */
  void settle(boolean failedStatus, boolean nothingElse, boolean onlyThis) {
    boolean marked =
        flat
            && (onlyThis
                || ErrorWords.saySomething(flatMessage)
                || ErrorWords.saySomething(flatCode)
                || ErrorWords.saySomething(flatNumber));
    boolean vendors = !seen && !marked && !failedStatus && nothingElse && isVendors();
    inAnswer |= vendors;
    if (marked || failedStatus || vendors) {
      seen = true;
      code = code != null ? code : flatCode;
      number = number != null ? number : flatNumber;
      type = type != null ? type : flatType;
      message = message != null ? message : flatMessage;
    }
    forgetFlat();
  }

  /** What the outermost object has said is not the next one's. */
  void forgetFlat() {
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
    return name == null ? FailureReader.isKnown(flatMessage) : ErrorWords.saySomething(name);
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
