package io.flyball.engine.client;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Enumeration;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a library, by where it was loaded from. Reads at most one jar. */
final class JarVersion {
  static final String UNKNOWN = "unknown";

  /** A Maven repository's name of a jar, also of one inside another. */
  private static final Pattern FILE_NAME = Pattern.compile("[^/!]*?-(\\d[^/!]*)\\.jar");

  private static final String POM = "META-INF/maven/";

  private JarVersion() {}

  /**
   * @param location URL of the code source, of a part of the JDK that of its module; null when
   *     there is none
   * @return never null
   */
  static String at(String location) {
    if (location == null) {
      return UNKNOWN;
    }
    if (location.startsWith("jrt:/java.")) {
      return System.getProperty("java.version", UNKNOWN);
    }
    String version = null;
    Matcher names = FILE_NAME.matcher(location);
    while (names.find()) {
      version = names.group(1);
    }
    if (version != null) {
      return version;
    }
    String inside = location.startsWith("file:") ? inJar(location) : null;
    return inside == null ? UNKNOWN : inside;
  }

  /** A jar of several artifacts does not tell which of their versions it is. */
  private static String inJar(String location) {
    try {
      File file = new File(URI.create(location));
      if (!file.isFile()) {
        return null;
      }
      try (JarFile jar = new JarFile(file, false)) {
        Manifest manifest = jar.getManifest();
        String stated =
            manifest == null
                ? null
                : manifest.getMainAttributes().getValue("Implementation-Version");
        return stated == null ? pomVersion(jar) : stated;
      }
    } catch (IOException | RuntimeException unreadable) {
      return null;
    }
  }

  private static String pomVersion(JarFile jar) throws IOException {
    String version = null;
    for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
      JarEntry entry = all.nextElement();
      if (entry.getName().startsWith(POM) && entry.getName().endsWith("/pom.properties")) {
        if (version != null) {
          return null;
        }
        Properties pom = new Properties();
        try (InputStream in = jar.getInputStream(entry)) {
          pom.load(in);
        }
        version = pom.getProperty("version");
      }
    }
    return version;
  }
}
