package io.flyball.protocol.gemini;

import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseReader;

/** One of Google's APIs. Its streams report usage without being asked. */
final class GeminiProtocol implements Protocol {

  /** Makes a reader. */
  interface Reading {

    /**
     * @param stream whether a stream was asked for
     */
    ResponseReader reader(int status, boolean stream);
  }

  private final String id;
  private final Reading reading;

  GeminiProtocol(String id, Reading reading) {
    this.id = id;
    this.reading = reading;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public ResponseReader reader(RequestFacts request, int status, String contentType) {
    return reading.reader(status, request.stream());
  }

  /** Without {@code alt=sse} a stream is one JSON array whose elements arrive one by one. */
  @Override
  public boolean isStream(RequestFacts request, String contentType) {
    return request.stream();
  }

  @Override
  public byte[] askForUsage(RequestFacts request, byte[] body) {
    return null;
  }

  @Override
  public byte[] limitOutput(RequestFacts request, byte[] body, long tokens) {
    boolean possible = request.operation() == Operation.CHAT && !request.limitElsewhere();
    return possible ? OutputLimit.set(body, tokens) : null;
  }

  @Override
  public boolean isRequestedUsageEvent(byte[] bytes, int offset, int length) {
    return false;
  }
}
