package io.flyball.agent;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the engine and every library from {@code inst/} inside the agent jar, before it asks its
 * parent, so that nothing of it can meet a class of the application. Honours {@code
 * META-INF/versions}; reads straight from the jar: nothing is unpacked to disk.
 */
final class AgentClassLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private static final String INST = "inst/";
  private static final String VERSIONS = INST + "META-INF/versions/";
  private static final int LOWEST_VERSIONED_RELEASE = 9;

  private final JarFile jar;

  /** Entry name by resource name, for resources that have a variant for this Java release. */
  private final Map<String, String> versioned;

  private final ProtectionDomain protectionDomain;
  private final URL location;
  private volatile UnaryOperator<byte[]> rewriter;

  /**
   * @param file the agent jar; kept open as long as the JVM lives
   * @param release the running Java's feature release, 8 or more
   */
  AgentClassLoader(File file, int release) throws IOException {
    super(platformLoader());
    this.jar = new JarFile(file, false);
    this.versioned = versionedEntries(jar, release);
    this.location = file.toURI().toURL();
    this.protectionDomain =
        new ProtectionDomain(new CodeSource(location, (Certificate[]) null), null, this, null);
  }

  /**
   * From now on the bytes of our own classes (not of libraries) go through that before they are
   * defined.
   *
   * @param newRewriter null ends it
   */
  void rewriteWith(UnaryOperator<byte[]> newRewriter) {
    this.rewriter = newRewriter;
  }

  /** The feature release of the running Java: 8, 11, 17... */
  static int runningRelease() {
    String version = System.getProperty("java.specification.version", "1.8");
    if (version.startsWith("1.")) {
      return Integer.parseInt(version.substring(2));
    }
    int end = version.indexOf('.');
    return Integer.parseInt(end < 0 ? version : version.substring(0, end));
  }

  private static ClassLoader platformLoader() {
    try {
      return (ClassLoader) ClassLoader.class.getMethod("getPlatformClassLoader").invoke(null);
    } catch (ReflectiveOperationException java8) {
      return ClassLoader.getSystemClassLoader().getParent();
    }
  }

  private static Map<String, String> versionedEntries(JarFile jar, int release) {
    Map<String, String> entries = new HashMap<>();
    Map<String, Integer> chosen = new HashMap<>();
    for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
      String name = all.nextElement().getName();
      if (!name.startsWith(VERSIONS) || name.endsWith("/")) {
        continue;
      }
      int slash = name.indexOf('/', VERSIONS.length());
      if (slash < 0) {
        continue;
      }
      int version = Integer.parseInt(name.substring(VERSIONS.length(), slash));
      String resource = INST + name.substring(slash + 1);
      Integer best = chosen.get(resource);
      if (version >= LOWEST_VERSIONED_RELEASE
          && version <= release
          && (best == null || best < version)) {
        chosen.put(resource, version);
        entries.put(resource, name);
      }
    }
    return entries;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = defineFromJar(name);
      }
      if (loaded == null) {
        loaded = super.loadClass(name, false);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private Class<?> defineFromJar(String name) throws ClassNotFoundException {
    byte[] bytes;
    try {
      JarEntry entry = entry(name.replace('.', '/') + ".class");
      if (entry == null) {
        return null;
      }
      bytes = read(entry);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    UnaryOperator<byte[]> rewrite = rewriter;
    if (rewrite != null && name.startsWith("io.flyball.")) {
      bytes = rewrite.apply(bytes);
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      definePackageOnce(name.substring(0, dot));
    }
    return defineClass(name, bytes, 0, bytes.length, protectionDomain);
  }

  private void definePackageOnce(String name) {
    if (getPackage(name) == null) {
      try {
        definePackage(name, null, null, null, null, null, null, null);
      } catch (IllegalArgumentException definedMeanwhile) {
        // Another thread was first.
      }
    }
  }

  /** The entry behind a resource name such as {@code a/b/C.class}, or null. */
  private JarEntry entry(String resource) {
    String name = INST + resource;
    if (name.endsWith(".class")) {
      name += "data";
    }
    String variant = versioned.get(name);
    return jar.getJarEntry(variant == null ? name : variant);
  }

  private byte[] read(JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return readAll(in);
    }
  }

  static byte[] readAll(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      bytes.write(buffer, 0, n);
    }
    return bytes.toByteArray();
  }

  @Override
  public URL getResource(String name) {
    URL own = findResource(name);
    return own != null ? own : super.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> all = new ArrayList<>();
    URL own = findResource(name);
    if (own != null) {
      all.add(own);
    }
    all.addAll(Collections.list(getParent().getResources(name)));
    return Collections.enumeration(all);
  }

  @Override
  protected URL findResource(String name) {
    JarEntry entry = entry(name);
    if (entry == null || entry.isDirectory()) {
      return null;
    }
    try {
      return new URL("flyball", null, -1, '/' + name, new EntryHandler(entry));
    } catch (MalformedURLException e) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL own = findResource(name);
    return own == null
        ? Collections.<URL>emptyEnumeration()
        : Collections.enumeration(Collections.singleton(own));
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    JarEntry entry = entry(name);
    if (entry == null) {
      return super.getResourceAsStream(name);
    }
    try {
      return new ByteArrayInputStream(read(entry));
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "AgentClassLoader[" + location + ']';
  }

  /** Opens one entry, so that {@code ServiceLoader} can read it although no URL scheme names it. */
  private final class EntryHandler extends URLStreamHandler {
    private final JarEntry entry;

    EntryHandler(JarEntry entry) {
      this.entry = entry;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new EntryConnection(url, entry);
    }
  }

  private final class EntryConnection extends URLConnection {
    private final JarEntry entry;

    EntryConnection(URL url, JarEntry entry) {
      super(url);
      this.entry = entry;
    }

    @Override
    public void connect() {
      connected = true;
    }

    @Override
    public long getContentLengthLong() {
      return entry.getSize();
    }

    @Override
    public InputStream getInputStream() throws IOException {
      if (entry.isDirectory()) {
        throw new FileNotFoundException(entry.getName());
      }
      return new ByteArrayInputStream(read(entry));
    }
  }
}
