package io.flyball.instrumentation.servlet;

import java.util.Collection;

/** Finds the pattern of a request's path: one of a few, never the path itself. */
final class Routes {
  /** Where Spring MVC leaves the pattern of the handler it has chosen. */
  static final String SPRING_PATTERN =
      "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";

  private Routes() {}

  /**
   * The one of a servlet's mappings that led to it, by the order in which containers look; null
   * when none does.
   *
   * @param servletPath the part of the path that chose the servlet, or null
   * @param pathInfo the part behind it, or null
   */
  static String mapping(Collection<String> mappings, String servletPath, String pathInfo) {
    String path = servletPath == null ? "" : servletPath;
    if (pathInfo == null && mappings.contains(path)) {
      return path;
    }
    String prefix = path + "/*";
    if (mappings.contains(prefix)) {
      return prefix;
    }
    int dot = path.lastIndexOf('.');
    String extension = dot < 0 ? null : "*" + path.substring(dot);
    if (extension != null && mappings.contains(extension)) {
      return extension;
    }
    return mappings.contains("/") ? "/" : null;
  }
}
