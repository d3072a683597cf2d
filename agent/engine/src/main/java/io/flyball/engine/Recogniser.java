package io.flyball.engine;

import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;

/** Tells model calls from all other traffic; {@link Protocols} as the engine sees it. */
public interface Recogniser {

  /** {@link Protocols#mayMatch(String, String)}. */
  boolean mayMatch(String method, String path);

  /** {@link Protocols#mayMatch(String, String, int, String)}. */
  default boolean mayMatch(String method, String host, int port, String path) {
    return mayMatch(method, path);
  }

  /** {@link Protocols#recognise}. */
  RequestFacts recognise(RequestHead head, byte[] body);

  /** {@link Protocols#recogniseUnread}. */
  default RequestFacts recogniseUnread(RequestHead head) {
    return null;
  }

  /** {@link Protocols#recogniseUnknown}. */
  default RequestFacts recogniseUnknown(RequestHead head, byte[] body) {
    return null;
  }

  /** {@link Protocols#isModelHost}. */
  default boolean isModelHost(String host, int port) {
    return false;
  }

  static Recogniser of(Protocols protocols) {
    return new Recogniser() {
      @Override
      public boolean mayMatch(String method, String path) {
        return protocols.mayMatch(method, path);
      }

      @Override
      public boolean mayMatch(String method, String host, int port, String path) {
        return protocols.mayMatch(method, host, port, path);
      }

      @Override
      public RequestFacts recognise(RequestHead head, byte[] body) {
        return protocols.recognise(head, body);
      }

      @Override
      public RequestFacts recogniseUnread(RequestHead head) {
        return protocols.recogniseUnread(head);
      }

      @Override
      public RequestFacts recogniseUnknown(RequestHead head, byte[] body) {
        return protocols.recogniseUnknown(head, body);
      }

      @Override
      public boolean isModelHost(String host, int port) {
        return protocols.isModelHost(host, port);
      }
    };
  }
}
