package io.flyball.protocol.anthropic;

import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.json.JsonSplice;
import java.util.function.IntFunction;

/** One of Anthropic's APIs. Its streams report usage without being asked. */
final class AnthropicProtocol implements Protocol {
  private final String id;
  private final IntFunction<ResponseReader> reader;

  /**
   * @param reader makes a reader for an answer of a given HTTP status
   */
  AnthropicProtocol(String id, IntFunction<ResponseReader> reader) {
    this.id = id;
    this.reader = reader;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public ResponseReader reader(RequestFacts request, int status, String contentType) {
    return reader.apply(status);
  }

  @Override
  public byte[] askForUsage(RequestFacts request, byte[] body) {
    return null;
  }

  @Override
  public byte[] limitOutput(RequestFacts request, byte[] body, long tokens) {
    boolean possible = request.operation() == Operation.CHAT && !request.limitElsewhere();
    return possible && tokens > ThinkingBudget.of(body)
        ? JsonSplice.setOnly(body, Long.toString(tokens), "max_tokens")
        : null;
  }

  @Override
  public boolean isRequestedUsageEvent(byte[] bytes, int offset, int length) {
    return false;
  }
}
