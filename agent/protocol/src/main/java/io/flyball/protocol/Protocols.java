package io.flyball.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The protocols Flyball speaks, and the question whether a request is a model call in one of them.
 */
public final class Protocols {
  private final List<Endpoint> endpoints;

  /**
   * @param endpoints base URLs the user declared; may be empty
   */
  public Protocols(List<Endpoint> endpoints) {
    this.endpoints = Collections.unmodifiableList(new ArrayList<>(endpoints));
  }

  /** The endpoints this was made with. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /**
   * The cheap first question, asked for every request of the application: could a request to that
   * path be a model call? Allocates nothing. A wrong yes costs a look at the body; a no is final.
   *
   * @param method null when not known yet
   * @param path may carry a query
   */
  public boolean mayMatch(String method, String path) {
    return false;
  }

  /**
   * What the request says about itself, or null when it is not a model call (MCP JSON-RPC, model
   * lists, files, audio, anything whose body has not the shape of a known request).
   *
   * @param body the whole request body, not compressed
   */
  public RequestFacts recognise(RequestHead head, byte[] body) {
    return null;
  }
}
