package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;
import java.util.ArrayList;
import java.util.List;

/** An answer collected in memory, for those who get it in one piece. */
final class WholeAnswer implements AnswerSink {
  final StringBuilder text = new StringBuilder();
  final StringBuilder refusal = new StringBuilder();
  final List<Call> calls = new ArrayList<>();
  String model;
  StopReason reason;

  /** Null when the provider reported none. */
  Usage usage;

  @Override
  public void start(String servedModel, Usage soFar) {
    model = servedModel;
  }

  @Override
  public void text(String piece) {
    text.append(piece);
  }

  @Override
  public void refusal(String piece) {
    refusal.append(piece);
  }

  @Override
  public void toolCall(String id, String name) {
    calls.add(new Call(id, name));
  }

  @Override
  public void arguments(String piece) {
    calls.get(calls.size() - 1).arguments.append(piece);
  }

  @Override
  public void end(StopReason why, Usage tokens) {
    reason = why;
    usage = tokens;
  }
}
