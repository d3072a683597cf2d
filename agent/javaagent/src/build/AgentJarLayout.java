import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A step of the build, run as a source file: lays out what stands in the agent jar in a folder, which the
 * jar plugin then packs.
 *
 * <p>The root gets the bootstrap bridge, {@code io.flyball.agent} and the services of the
 * OpenTelemetry door. Everything else goes under {@code inst/} with {@code .class} written as {@code
 * .classdata}, so that nothing but our own class loader can find it: service files of the same name are
 * merged, licences are kept apart by library.
 */
public final class AgentJarLayout {
  private static final String INST = "inst/";
  private static final String CLIENT_INSTRUMENTATION =
      "io.flyball.instrumentation.api.ClientInstrumentation";

  private static final Pattern ROOT_CLASS =
      Pattern.compile("io/flyball/(agent|bootstrap)/.*\\.class");
  /** Providers that the OpenTelemetry agent is to find in us; a library's own would harm it. */
  private static final String ROOT_PROVIDERS = "io.flyball.agent.otel.";
  private static final Pattern LICENCE =
      Pattern.compile("(META-INF/)?(LICENSE|NOTICE|FastDoubleParser-LICENSE|thirdparty-LICENSE|bigint-LICENSE)[^/]*");
  private static final Pattern NOT_NEEDED =
      Pattern.compile(
          "(.*/)?module-info\\.class"
              + "|META-INF/(MANIFEST\\.MF|INDEX\\.LIST|maven/.*|proguard/.*|native-image/.*|licenses/.*)"
              + "|META-INF/[^/]*\\.(SF|RSA|DSA|EC|kotlin_module)"
              // GPT-2 and GPT-3 vocabularies: no provider serves those models any more.
              + "|com/knuddels/jtokkit/(r50k|p50k)_base\\.tiktoken"
              + "|META-INF/[^/]*\\.(html|md)");

  /** What contract tests need inside the agent. */
  private static final Pattern TEST_STAGE =
      Pattern.compile(
          "io/flyball/instrumentation/testing/stage/.*"
              + "|META-INF/services/io\\.flyball\\.engine\\.call\\.StageProvider");

  private static final Pattern EVERYTHING = Pattern.compile(".*");

  private final Path out;
  private final Map<String, Set<String>> services = new TreeMap<>();

  private AgentJarLayout(Path out) {
    this.out = out;
  }

  /**
   * Arguments: the folder to fill, then {@code path=} a class path, {@code stage=} a class path of which only
   * the tests' stage is taken, {@code file=name=source} a file for META-INF.
   */
  public static void main(String[] arguments) throws Exception {
    Path out = Paths.get(arguments[0]);
    delete(out);
    AgentJarLayout layout = new AgentJarLayout(out);
    List<Path> everything = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith("path=")) {
        everything.addAll(elements(argument));
      } else if (argument.startsWith("stage=")) {
        for (Path element : elements(argument)) {
          layout.add(element, TEST_STAGE);
        }
      } else if (argument.startsWith("file=")) {
        String[] nameAndSource = argument.split("=", 3);
        if (Files.exists(Paths.get(nameAndSource[2]))) {
          layout.write("META-INF/" + nameAndSource[1], Files.readAllBytes(Paths.get(nameAndSource[2])));
        }
      }
    }
    for (Path element : everything) {
      layout.add(element, EVERYTHING);
    }
    layout.writeServices();
    layout.writeHookedTypes(everything);
    giveUsualRights(out);
  }

  /** The jar has the rights of its files: they must not hang on the umask of whoever builds it. */
  private static void giveUsualRights(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        String rights = Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--";
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
      }
    }
  }

  private static List<Path> elements(String argument) {
    List<Path> elements = new ArrayList<>();
    String classPath = argument.substring(argument.indexOf('=') + 1);
    for (String element : classPath.split(Pattern.quote(File.pathSeparator))) {
      if (!element.isBlank() && Files.exists(Paths.get(element))) {
        elements.add(Paths.get(element));
      }
    }
    return elements;
  }

  private void add(Path jarOrFolder, Pattern wanted) throws IOException {
    String library = jarOrFolder.getFileName().toString().replaceAll("\\.jar$", "");
    if (Files.isDirectory(jarOrFolder)) {
      addTree(jarOrFolder, library, wanted);
      return;
    }
    URI uri = URI.create("jar:" + jarOrFolder.toUri());
    try (FileSystem jar = FileSystems.newFileSystem(uri, Collections.<String, Object>emptyMap())) {
      addTree(jar.getPath("/"), library, wanted);
    }
  }

  private void addTree(Path top, String library, Pattern wanted) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(top)) {
      tree.filter(Files::isRegularFile).sorted(Comparator.comparing(Path::toString)).forEach(files::add);
    }
    for (Path file : files) {
      String name = top.relativize(file).toString().replace('\\', '/');
      if (!wanted.matcher(name).matches()) {
        continue;
      }
      byte[] bytes = Files.readAllBytes(file);
      if (LICENCE.matcher(name).matches()) {
        write("META-INF/licenses/" + library + '/' + file.getFileName(), bytes);
      } else if (NOT_NEEDED.matcher(name).matches()) {
        continue;
      } else if (ROOT_CLASS.matcher(name).matches()) {
        write(name, bytes);
      } else if (name.startsWith("META-INF/services/")) {
        addService(name, bytes);
      } else {
        write(INST + name.replaceAll("\\.class$", ".classdata"), bytes);
      }
    }
  }

  private void addService(String name, byte[] bytes) {
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\\R")) {
      String provider = line.replaceAll("#.*", "").trim();
      if (!provider.isEmpty()) {
        String place = provider.startsWith(ROOT_PROVIDERS) ? name : INST + name;
        services.computeIfAbsent(place, n -> new LinkedHashSet<>()).add(provider);
      }
    }
  }

  private void writeServices() throws IOException {
    for (Map.Entry<String, Set<String>> service : services.entrySet()) {
      write(service.getKey(), lines(service.getValue()));
    }
  }

  /**
   * What premain compares the name of every class with, so that it need not load anything from inst/. One line
   * per hooked type, as a class file spells it; marked where it only tells of a client that is not governed,
   * because the engine is not started for those, and where it is woven once the engine is started for another.
   */
  private void writeHookedTypes(List<Path> classPath) throws Exception {
    URL[] urls = new URL[classPath.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = classPath.get(i).toUri().toURL();
    }
    Set<String> types = new TreeSet<>();
    Set<String> governed = new TreeSet<>();
    Set<String> later = new TreeSet<>();
    try (URLClassLoader loader =
        new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      Class<?> service = Class.forName(CLIENT_INSTRUMENTATION, true, loader);
      Method hooks = service.getMethod("hooks");
      Method follows = service.getMethod("follows");
      Method governs = service.getMethod("governs");
      Method leads = service.getMethod("leadsWhenWoven");
      for (Object instrumentation : ServiceLoader.load(service, loader)) {
        if (!((Collection<?>) follows.invoke(instrumentation)).isEmpty()) {
          continue;
        }
        for (Object hook : (Collection<?>) hooks.invoke(instrumentation)) {
          Object type = hook.getClass().getMethod("type").invoke(hook);
          types.add(type.toString().replace('.', '/'));
          if (!(Boolean) leads.invoke(instrumentation)) {
            later.add(type.toString().replace('.', '/'));
          } else if ((Boolean) governs.invoke(instrumentation)) {
            governed.add(type.toString().replace('.', '/'));
          }
        }
      }
    }
    List<String> lines = new ArrayList<>();
    for (String type : types) {
      lines.add(governed.contains(type) ? type : type + (later.contains(type) ? " later" : " known"));
    }
    write("META-INF/flyball/hooked-types", lines(lines));
  }

  private static byte[] lines(Collection<String> lines) {
    return (String.join("\n", lines) + '\n').getBytes(StandardCharsets.UTF_8);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = out.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(path);
        }
      }
    }
  }
}
