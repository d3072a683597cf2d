package io.flyball.protocol.conversation.answer;

/** A tool call that is being collected. */
final class Call {
  final String id;
  final String name;
  final StringBuilder arguments = new StringBuilder();

  /**
   * @param id null when the provider gave none
   */
  Call(String id, String name) {
    this.id = id;
    this.name = name;
  }
}
