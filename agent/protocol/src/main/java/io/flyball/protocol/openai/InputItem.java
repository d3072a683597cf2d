package io.flyball.protocol.openai;

import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonValue;

/**
 * The item at hand of the input of a request of the responses API: whether it stands for one that
 * the provider keeps. A reference may say so or leave its type out; what has no type and content of
 * its own is a message.
 */
final class InputItem {
  private static final String REFERENCE = "item_reference";

  private boolean refers;
  private boolean named;
  private boolean typed;
  private boolean untyped;
  private boolean content;
  private boolean without;

  void begin() {
    refers = false;
    named = false;
    typed = false;
    untyped = false;
    content = false;
    without = false;
  }

  void id(JsonKind kind) {
    named |= kind != JsonKind.NULL;
  }

  void type(JsonKind kind) {
    typed |= kind == JsonKind.STRING;
    untyped |= kind != JsonKind.STRING;
  }

  void type(JsonValue value) {
    refers |= value.is(REFERENCE);
  }

  void content(JsonKind kind) {
    content |= kind != JsonKind.NULL;
    without |= kind == JsonKind.NULL;
  }

  /** Of what is said twice the server may take either. */
  boolean isKept() {
    boolean bare = named && (untyped || !typed) && (without || !content);
    return refers || bare;
  }
}
