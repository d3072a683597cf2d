package io.flyball.protocol.failure;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the body of a failed answer says, in any provider's form: an object under {@code error}
 * (also in an array of one), a text under {@code error}, or the parts flat on the outermost object.
 */
final class ErrorBody {
  /** A peer that sends more names than that means none of them. */
  private static final int MOST_NAMES = 16;

  private static final JsonShape<ErrorBody> SHAPE = shape();

  private final List<String> names = new ArrayList<>(4);
  private String code;
  private String type;
  private String number;
  private String message;
  private String upstreamMessage;
  private String flatCode;
  private String flatType;
  private String flatNumber;
  private String flatMessage;
  private String retryDelay;

  /** The message without what it quotes; null until asked for. */
  private String ownWords;

  private ErrorBody() {}

  static ErrorBody read(byte[] body) {
    ErrorBody error = new ErrorBody();
    JsonDocument.read(withoutEventFields(body), SHAPE, error);
    error.settle();
    return error;
  }

  static ErrorBody of(String type, String message) {
    ErrorBody error = new ErrorBody();
    error.named(type);
    if (status(type) > 0) {
      error.number = type;
    } else {
      error.type = type;
    }
    error.message = message;
    return error;
  }

  private static JsonShape<ErrorBody> shape() {
    JsonShape<ErrorBody> innerError =
        JsonShape.<ErrorBody>builder().value("code", (error, v) -> error.named(v.text())).build();
    JsonShape<ErrorBody> details =
        JsonShape.<ErrorBody>builder()
            .value("error_code", ErrorBody::code)
            .value("reason", (error, v) -> error.named(v.text()))
            .value("retryDelay", (error, v) -> error.retryDelay = v.text())
            .build();
    JsonShape<ErrorBody> metadata =
        JsonShape.<ErrorBody>builder()
            .value("raw", (error, v) -> error.upstreamMessage = v.text())
            .build();
    JsonShape<ErrorBody> nested =
        JsonShape.<ErrorBody>builder()
            .value("message", (error, v) -> error.message = textOr(error.message, v))
            .value("type", ErrorBody::type)
            .value("status", ErrorBody::type)
            .value("code", ErrorBody::code)
            .inside("innererror", innerError)
            .inside("details", details)
            .inside("metadata", metadata)
            .build();
    JsonShape<ErrorBody> base =
        JsonShape.<ErrorBody>builder()
            .value("status_code", (error, v) -> error.baseCode(v))
            .value("status_msg", ErrorBody::flatMessage)
            .build();
    JsonShape<ErrorBody> listed =
        JsonShape.<ErrorBody>builder()
            .value("code", ErrorBody::flatCode)
            .value("message", ErrorBody::flatMessage)
            .build();
    JsonShape<ErrorBody> validation =
        JsonShape.<ErrorBody>builder().value("msg", ErrorBody::flatMessage).build();
    return JsonShape.<ErrorBody>builder()
        .inside("error", nested)
        .value("error", (error, v) -> error.message = textOr(error.message, v))
        .value("error_type", ErrorBody::flatType)
        .value("code", ErrorBody::flatCode)
        .value("type", ErrorBody::flatType)
        .value("__type", (error, v) -> error.awsType(v.text()))
        .value("message", ErrorBody::flatMessage)
        .value("Message", ErrorBody::flatMessage)
        .value("msg", ErrorBody::flatMessage)
        .value("error_code", ErrorBody::flatCode)
        .value("error_msg", ErrorBody::flatMessage)
        .inside("base_resp", base)
        .inside("errors", listed)
        .value("detail", ErrorBody::flatMessage)
        .inside("detail", validation)
        .build();
  }

  /** Some servers send the error of a streaming request as an event, whatever the status. */
  private static byte[] withoutEventFields(byte[] body) {
    int first = 0;
    while (first < body.length && body[first] <= ' ') {
      first++;
    }
    if (first == body.length || "deir:".indexOf(body[first]) < 0) {
      return body;
    }
    String text = new String(body, StandardCharsets.UTF_8);
    int data = text.startsWith("data:", first) ? first : text.indexOf("\ndata:");
    int object = data < 0 ? -1 : text.indexOf('{', data);
    return object < 0 ? body : text.substring(object).getBytes(StandardCharsets.UTF_8);
  }

  private static String textOr(String known, JsonValue value) {
    return value.isString() ? value.text() : known;
  }

  private void named(String name) {
    if (name != null && names.size() < MOST_NAMES) {
      names.add(name);
    }
  }

  private void type(JsonValue value) {
    type = textOr(type, value);
    named(value.text());
  }

  private void code(JsonValue value) {
    if (value.isString()) {
      code = value.text();
      named(code);
    } else {
      number = numberOr(number, value);
      named(number);
    }
  }

  private void flatType(JsonValue value) {
    if (!value.is("error")) {
      flatType = textOr(flatType, value);
      named(value.text());
    }
  }

  private void flatCode(JsonValue value) {
    if (value.isString()) {
      flatCode = value.text();
      named(flatCode);
    } else {
      flatNumber = numberOr(flatNumber, value);
      named(flatNumber);
    }
  }

  private void flatMessage(JsonValue value) {
    flatMessage = flatMessage == null ? value.text() : flatMessage;
  }

  /** MiniMax's numbers are its own. */
  private void baseCode(JsonValue value) {
    Long told = value.integer();
    if (told != null && told != 0) {
      flatCode = "minimax_" + told;
      named(flatCode);
    }
  }

  private static String numberOr(String known, JsonValue value) {
    Long told = value.integer();
    return told == null ? known : told.toString();
  }

  private void settle() {
    code = code != null ? code : flatCode;
    type = type != null ? type : flatType;
    number = number != null ? number : flatNumber;
    message = message != null ? message : flatMessage;
  }

  /**
   * The name AWS gives, in a header or in the body: perhaps with a namespace before a hash sign and
   * an address after a colon.
   */
  void awsType(String name) {
    if (name == null) {
      return;
    }
    String local = name.substring(name.indexOf('#') + 1);
    int colon = local.indexOf(':');
    String cut = colon < 0 ? local : local.substring(0, colon);
    if (!cut.isEmpty()) {
      type = type != null ? type : cut;
      named(cut);
    }
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

  /** The HTTP status that the error's number is, or 0. */
  int status() {
    return status(number);
  }

  private static int status(String number) {
    return number != null && number.matches("[45][0-9][0-9]") ? Integer.parseInt(number) : 0;
  }

  /** Gemini's RetryInfo, or null. */
  String retryDelay() {
    return retryDelay;
  }

  /** Whether one of the error's names means that. */
  boolean isNamed(FailureKind kind) {
    for (String name : names) {
      if (ErrorNames.kind(name) == kind) {
        return true;
      }
    }
    return false;
  }

  /** Whether a name of the error or its words mean that. */
  boolean says(FailureKind kind) {
    return isNamed(kind) || ErrorTexts.mean(kind, ownWords(), isGooglesQuota());
  }

  /** A single request above the tokens of a whole minute: no waiting makes it fit. */
  boolean isTooLargeForOnce() {
    return ownWords().contains("request too large for ");
  }

  /** Google says of every limit, also of one a minute, that the quota is exceeded. */
  private boolean isGooglesQuota() {
    return names.contains("RESOURCE_EXHAUSTED") || names.contains("RATE_LIMIT_EXCEEDED");
  }

  /** In lower case, so that texts compare. */
  String ownWords() {
    if (ownWords == null) {
      String all =
          (message == null ? "" : message + "\n")
              + (upstreamMessage == null ? "" : upstreamMessage);
      ownWords = Quotations.without(all).toLowerCase(Locale.ROOT);
    }
    return ownWords;
  }
}
