package io.flyball.protocol.answer;

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

  ProviderError(boolean seen) {
    this.seen = seen;
  }

  boolean seen() {
    return seen;
  }

  void see() {
    seen = true;
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
    flatMessage = value.text();
  }

  void flatCode(JsonValue value) {
    if (value.isString()) {
      flatCode = value.text();
    } else {
      flatNumber = numberOr(flatNumber, value);
    }
  }

  private static String numberOr(String known, JsonValue value) {
    Long told = value.integer();
    return told == null ? known : told.toString();
  }

  /** The outermost object is over: was what it said flat out an error? */
  void settle(boolean failedStatus) {
    if (flat || failedStatus) {
      seen = true;
      code = code != null ? code : flatCode;
      number = number != null ? number : flatNumber;
      type = type != null ? type : flatType;
      message = message != null ? message : flatMessage;
    }
    flat = false;
    flatCode = null;
    flatNumber = null;
    flatType = null;
    flatMessage = null;
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
