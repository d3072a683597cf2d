package io.flyball.protocol.anthropic;

import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.ProtocolFamily;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.provider.Providers;

/**
 * Anthropic's messages API in its versions 2023-06-01 and 2026-10-21, whose requests differ in
 * nothing that is read here, at Anthropic and at servers that copy it.
 */
public final class AnthropicFamily implements ProtocolFamily {
  private static final String NAME = "anthropic";
  private static final String MESSAGES = "/messages";
  private static final String COUNT_TOKENS = "/messages/count_tokens";
  private static final String VERSION = "/v1";

  private final Protocol messages =
      new AnthropicProtocol("anthropic.messages", MessagesAnswer::reader);
  private final Protocol countTokens =
      new AnthropicProtocol("anthropic.count_tokens", CountTokensAnswer::reader);

  @Override
  public boolean speaks(String endpointFamily) {
    return endpointFamily.equals(NAME);
  }

  @Override
  public boolean mayMatch(String path, int length, boolean declared) {
    if (length == 0 || path.charAt(length - 1) != 's') {
      return false;
    }
    return endsWith(path, length, MESSAGES, declared)
        || endsWith(path, length, COUNT_TOKENS, declared);
  }

  /** Many applications have a {@code /messages} of their own; the version tells them apart. */
  private static boolean endsWith(String path, int length, String suffix, boolean declared) {
    int start = length - suffix.length();
    return path.startsWith(suffix, start)
        && (declared || path.startsWith(VERSION, start - VERSION.length()));
  }

  @Override
  public RequestFacts recognise(RequestHead head, byte[] body, Endpoint endpoint) {
    AnthropicRequest request = AnthropicRequest.read(body);
    if (request == null || !request.hasMessages()) {
      return null;
    }
    boolean counting = head.path().endsWith(COUNT_TOKENS);
    boolean certain =
        request.model() != null
            && (counting
                || request.maxTokens() != null
                || head.header("anthropic-version") != null);
    if (!certain) {
      return null;
    }
    RequestFacts.Builder facts =
        RequestFacts.builder(
            counting ? countTokens : messages,
            counting ? Operation.COUNT_TOKENS : Operation.CHAT,
            Providers.at(head, NAME).name());
    request.tell(facts);
    return facts.endpointName(endpoint == null ? null : endpoint.name()).build();
  }
}
