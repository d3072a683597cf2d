package io.flyball.engine.attribute;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the application's stack frames from those of libraries between it and the wire. */
final class ApplicationFrames {
  private static final String LIST = "library-packages.txt";

  /** Class names seen before; a stack is mostly the same classes again. Not kept beyond this. */
  private static final int MAX_REMEMBERED = 4096;

  private final String[] libraryPrefixes;
  private final Map<String, Boolean> remembered = new ConcurrentHashMap<>();

  /** By class and method. */
  private final Map<String, Map<String, String>> places = new ConcurrentHashMap<>();

  ApplicationFrames() {
    this.libraryPrefixes = load();
  }

  private static String[] load() {
    List<String> prefixes = new ArrayList<>();
    try (InputStream in = ApplicationFrames.class.getResourceAsStream(LIST);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String prefix = line.trim();
        if (!prefix.isEmpty() && prefix.charAt(0) != '#') {
          prefixes.add(prefix);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(LIST, failure);
    }
    return prefixes.toArray(new String[0]);
  }

  /** {@code package.Class.method} of this thread's innermost application frame, or null. */
  String first() {
    return StackFrames.first(this::isApplication, this::place);
  }

  private String place(String className, String method) {
    Map<String, String> ofClass = places.get(className);
    String known = ofClass == null ? null : ofClass.get(method);
    if (known != null) {
      return known;
    }
    String place = className + '.' + sourceMethod(method);
    if (places.size() < MAX_REMEMBERED) {
      places.computeIfAbsent(className, absent -> new ConcurrentHashMap<>()).put(method, place);
    }
    return place;
  }

  /** A lambda's body is compiled to {@code lambda$method$0}. */
  private static String sourceMethod(String method) {
    if (!method.startsWith("lambda$")) {
      return method;
    }
    int end = method.lastIndexOf('$');
    return end > "lambda$".length() ? method.substring("lambda$".length(), end) : method;
  }

  boolean isApplication(String className) {
    Boolean known = remembered.get(className);
    if (known == null) {
      known = !isLibrary(className);
      if (remembered.size() < MAX_REMEMBERED) {
        remembered.put(className, known);
      }
    }
    return known;
  }

  private boolean isLibrary(String className) {
    // Proxies and lambda classes: $$Lambda, $$EnhancerBySpringCGLIB, $$SpringCGLIB, and others'.
    if (className.contains("$$")
        || className.contains("$ByteBuddy$")
        || className.contains("$Proxy")) {
      return true;
    }
    for (String prefix : libraryPrefixes) {
      if (className.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
