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
    if (length == 0 || (path.charAt(length - 1) | ' ') != 's') {
      return false;
    }
    return endsWith(path, length, MESSAGES, declared)
        || endsWith(path, length, COUNT_TOKENS, declared);
  }

  /** Many applications have a {@code /messages} of their own; the version tells them apart. */
  private static boolean endsWith(String path, int length, String suffix, boolean declared) {
    int start = length - suffix.length();
    return path.regionMatches(true, start, suffix, 0, suffix.length())
        && (declared
            || path.regionMatches(true, start - VERSION.length(), VERSION, 0, VERSION.length()));
  }

  @Override
  public RequestFacts recognise(RequestHead head, byte[] body, Endpoint endpoint) {
    AnthropicRequest request = AnthropicRequest.read(body);
    if (request == null) {
      return null;
    }
    boolean own =
        head.header("anthropic-version") != null || Providers.serves(head.host(), head.port());
    // Messages may be kept elsewhere, under a name that nobody here knows.
    boolean asks =
        request.hasMessages() || request.namesKeptPrompt() || (own && request.model() != null);
    if (!asks) {
      return null;
    }
    // A gateway may have a model of its own where none is named, and ask for no version.
    boolean certain =
        own
            || request.namesKeptPrompt()
            || (request.model() != null && (isCounting(head) || request.maxTokens() != null));
    if (!certain) {
      return null;
    }
    RequestFacts.Builder facts = facts(head, endpoint);
    request.routedBy(head);
    request.tell(facts);
    return facts.build();
  }

  @Override
  public RequestFacts recogniseByBody(RequestHead head, byte[] body, Endpoint endpoint) {
    boolean own = speaks(endpoint.protocolFamily()) || head.header("anthropic-version") != null;
    AnthropicRequest request = own ? AnthropicRequest.read(body) : null;
    if (request == null || !request.hasMessages()) {
      return null;
    }
    RequestFacts.Builder facts = facts(head, endpoint);
    request.routedBy(head);
    request.tell(facts);
    return facts.build();
  }

  @Override
  public RequestFacts unknown(RequestHead head, Endpoint endpoint) {
    return facts(head, endpoint).build();
  }

  @Override
  public RequestFacts unread(RequestHead head, Endpoint endpoint) {
    boolean certain =
        endpoint != null
            || head.header("anthropic-version") != null
            || Providers.serves(head.host(), head.port());
    return certain ? facts(head, endpoint).build() : null;
  }

  private RequestFacts.Builder facts(RequestHead head, Endpoint endpoint) {
    boolean counting = isCounting(head);
    return RequestFacts.builder(
            counting ? countTokens : messages,
            counting ? Operation.COUNT_TOKENS : Operation.CHAT,
            Providers.at(head, NAME).name())
        .endpointName(endpoint == null ? null : endpoint.name());
  }

  private static boolean isCounting(RequestHead head) {
    String path = head.path();
    int start = path.length() - COUNT_TOKENS.length();
    return path.regionMatches(true, start, COUNT_TOKENS, 0, COUNT_TOKENS.length());
  }
}
