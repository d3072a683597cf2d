package io.flyball.protocol.conversation;

import java.nio.charset.StandardCharsets;

/** The paths of the providers' APIs, and what of a query may go along to another place. */
final class Paths {
  private static final String AZURE_VERSION = "2024-10-21";
  private static final String UNRESERVED = "-._~";

  private Paths() {}

  /**
   * @param method {@code generateContent} and the like, perhaps with a query
   */
  static String gemini(String model, String method) {
    String name = model.startsWith("models/") ? model.substring("models/".length()) : model;
    return "/models/" + segment(name) + ':' + method;
  }

  /**
   * @param version null for the application's or the default
   * @param original the application's query, or null
   */
  static String azure(String deployment, String api, String version, String original) {
    String kept = version != null ? version : parameter(original, "api-version");
    return "/openai/deployments/"
        + segment(deployment)
        + api
        + "?api-version="
        + (kept == null ? AZURE_VERSION : kept);
  }

  /**
   * A parameter's value as it is written; null when the query has none.
   *
   * @param query may be null
   */
  static String parameter(String query, String name) {
    if (query == null) {
      return null;
    }
    for (String pair : query.split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return null;
  }

  /** A query of nothing but those parameters, with its question mark; empty when there is none. */
  static String only(String query, String... names) {
    StringBuilder kept = new StringBuilder();
    for (String name : names) {
      String value = parameter(query, name);
      if (value != null) {
        kept.append(kept.length() == 0 ? '?' : '&').append(name).append('=').append(value);
      }
    }
    return kept.toString();
  }

  private static String segment(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append(String.format("%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }
}
