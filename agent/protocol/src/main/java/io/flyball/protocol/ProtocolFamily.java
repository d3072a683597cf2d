package io.flyball.protocol;

/**
 * The protocols of one vendor's API, which share how their requests are told from other traffic.
 * Stateless.
 */
public interface ProtocolFamily {

  /** Whether an endpoint the user declared with that protocol family is this one's. */
  boolean speaks(String endpointFamily);

  /**
   * Whether a POST to that path could be a call. Allocates nothing.
   *
   * @param path may carry more than the path; only the first {@code length} characters count
   * @param declared the path lies below an endpoint that speaks this family, so that a short suffix
   *     says enough
   */
  boolean mayMatch(String path, int length, boolean declared);

  /**
   * What the request says about itself, or null when it is not a model call of this family.
   *
   * @param endpoint the declared endpoint it goes to, or null
   */
  RequestFacts recognise(RequestHead head, byte[] body, Endpoint endpoint);

  /**
   * What is known of a call of this family whose body cannot be read, or null when its address and
   * headers do not say enough.
   *
   * @param endpoint the declared endpoint it goes to, or null
   */
  RequestFacts unread(RequestHead head, Endpoint endpoint);

  /**
   * What the body says about a request whose path says nothing, at an endpoint that was declared;
   * null when it has not the shape of a call of this family.
   *
   * @param endpoint the declared endpoint it goes to, perhaps of another family
   */
  RequestFacts recogniseByBody(RequestHead head, byte[] body, Endpoint endpoint);

  /** A call of which nothing is known but that it goes to that declared endpoint of this family. */
  RequestFacts unknown(RequestHead head, Endpoint endpoint);
}
