package io.flyball.settings;

import io.flyball.base.file.FileReads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the configuration: agent arguments win over system properties, these over the environment,
 * these over the file, these over the defaults.
 *
 * <p>Unknown properties are errors, but an unknown {@code FLYBALL_*} variable is only a warning: it
 * may hold a secret that a reference names. A value is judged only where it wins.
 */
public final class ConfigLoader {
  private static final String FLYBALL = "flyball.";
  private static final String FLYBALL_VARIABLE = "FLYBALL_";
  private static final String OTEL = "otel.";
  private static final String OTEL_VARIABLE = "OTEL_";
  private static final int MAX_QUOTED = 100;
  private static final Pattern PLAIN_WORDS = Pattern.compile("[A-Za-z./ -]{1,40}");

  /** The file that is read; settings of others stand in it. */
  public static final Property<Path> FILE =
      Property.of(
              "config.file",
              ValueType.path(),
              "The YAML file; it is read again when it changes. Not to be set in the file itself.")
          .defaultNote("none")
          .example("/etc/app/flyball.yaml")
          .needingRestart();

  private final Schema schema;
  private final Map<String, String> properties;
  private final Map<String, String> environment;
  private final FileReads files;
  private final References references;
  private final List<ConfigProblem> errors = new ArrayList<>();
  private final List<ConfigProblem> warnings = new ArrayList<>();

  /** What a file that sets nothing has begun: good enough to start with. */
  private final List<ConfigProblem> unfinished = new ArrayList<>();

  private boolean offline;

  /** Though it is offline. */
  private boolean knowsVariables;

  private ConfigLoader(
      Schema schema, Map<String, String> properties, Map<String, String> environment) {
    this.schema = schema;
    this.properties = properties;
    this.environment = environment;
    this.files = new FileReads(FileReads.USUAL_MILLIS);
    this.references = new References(environment, files);
  }

  /**
   * Reads all sources. Never throws; what is wrong is in the result. Returns within seconds: files
   * are read in five at most, all together, and are bounded in length, depth and values.
   *
   * @param schema what there is to be set; {@link #FILE} is in it
   * @param arguments {@code key=value} pairs separated by commas; a part without {@code =} goes on
   *     with the value before it. Null or empty when there are none
   * @param properties system properties; those of others are not looked at
   * @param environment environment variables
   */
  public static LoadedConfig load(
      Schema schema,
      String arguments,
      Map<String, String> properties,
      Map<String, String> environment) {
    return new ConfigLoader(schema, properties, environment).load(arguments);
  }

  /**
   * The same as {@link #load} for another JVM: references that yield nothing here are let pass.
   *
   * @param environment of that JVM; null when nobody knows it. When it is known, a variable that is
   *     not there is missing there.
   */
  public static LoadedConfig loadElsewhere(
      Schema schema,
      String arguments,
      Map<String, String> properties,
      Map<String, String> environment) {
    ConfigLoader loader =
        new ConfigLoader(
            schema, properties, environment == null ? Collections.emptyMap() : environment);
    loader.offline = true;
    loader.knowsVariables = environment != null;
    return loader.load(arguments);
  }

  /** The defaults alone. */
  public static Settings defaults(Schema schema) {
    Map<String, String> nothing = Collections.emptyMap();
    return load(schema, "", nothing, nothing).config();
  }

  /** Reads one file and nothing else; its references see the given environment. */
  public static LoadedConfig loadFile(Schema schema, Path file, Map<String, String> environment) {
    return loadFile(schema, file, environment, false);
  }

  /**
   * The same.
   *
   * @param offline whether references that yield nothing here are let pass: they are there where
   *     the application will run. What such a value is cannot be judged.
   */
  public static LoadedConfig loadFile(
      Schema schema, Path file, Map<String, String> environment, boolean offline) {
    ConfigLoader loader = new ConfigLoader(schema, Collections.emptyMap(), environment);
    loader.offline = offline;
    RawSettings settings = new RawSettings(schema, loader.errors);
    loader.readFile(file, null, settings);
    loader.judgeUnfinished(settings);
    return loader.bind(Collections.singletonList(settings), new TreeMap<>());
  }

  private LoadedConfig load(String arguments) {
    Map<String, String> otel = otelSettings();
    RawSettings fromArguments = new RawSettings(schema, errors);
    readArguments(arguments == null ? "" : arguments, fromArguments, otel);
    RawSettings fromProperties = new RawSettings(schema, errors);
    for (Map.Entry<String, String> property : new TreeMap<>(properties).entrySet()) {
      if (property.getKey().startsWith(FLYBALL)) {
        String key = property.getKey();
        fromProperties.add(key, property.getValue(), "-D" + key);
      }
    }
    RawSettings fromEnvironment = new RawSettings(schema, errors);
    readEnvironment(fromEnvironment);
    RawSettings fromFile = new RawSettings(schema, errors);
    List<RawSettings> sources =
        Arrays.asList(fromArguments, fromProperties, fromEnvironment, fromFile);
    readNamedFile(sources, fromFile);
    return bind(sources, otel);
  }

  private Map<String, String> otelSettings() {
    Map<String, String> otel = new TreeMap<>();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (variable.getKey().startsWith(OTEL_VARIABLE) && !variable.getValue().isEmpty()) {
        otel.put(variable.getKey().toLowerCase(Locale.ROOT).replace('_', '.'), variable.getValue());
      }
    }
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (property.getKey().startsWith(OTEL) && !property.getValue().isEmpty()) {
        otel.put(otelName(property.getKey()), property.getValue());
      }
    }
    return otel;
  }

  private static String otelName(String key) {
    return key.toLowerCase(Locale.ROOT).replace('-', '.');
  }

  private void readArguments(String arguments, RawSettings settings, Map<String, String> otel) {
    for (String pair : AgentArguments.pairs(arguments)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        // Anything else may be a secret.
        String which = PLAIN_WORDS.matcher(pair).matches() ? quoted(pair.trim()) : "the first one";
        settings.error("agent arguments", which + " is not key=value; commas separate the pairs");
        continue;
      }
      String key = pair.substring(0, equals).trim();
      String value = pair.substring(equals + 1);
      if (key.startsWith(OTEL)) {
        otel.put(otelName(key), value);
      } else {
        settings.add(key, value, "agent argument " + key);
      }
    }
  }

  private void readEnvironment(RawSettings settings) {
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(FLYBALL_VARIABLE) || variable.getValue().isEmpty()) {
        continue;
      }
      Schema.Match match = schema.matchEnvironment(name);
      if (match != null && match.brokenRule() == null) {
        settings.add(new RawSetting(match, variable.getValue(), null, name));
      } else {
        warnings.add(
            new ConfigProblem(
                name, "no property has this variable; " + schema.environmentHint(name)));
      }
    }
  }

  private void readNamedFile(List<RawSettings> sources, RawSettings fromFile) {
    RawSetting named = winner(sources, FILE.path());
    if (named == null) {
      return;
    }
    int errorsBefore = errors.size();
    EffectiveSetting file = judge(named);
    // The binding judges it again and tells.
    errors.subList(errorsBefore, errors.size()).clear();
    if (file == null || file.parsed() == null) {
      return;
    }
    readFile((Path) file.parsed(), named.place(), fromFile);
    judgeUnfinished(fromFile);
  }

  /** A file that sets something must be whole; one that sets nothing is good to start with. */
  private void judgeUnfinished(RawSettings file) {
    if (file.byPath().isEmpty()) {
      unfinished.addAll(file.unfinished());
      warnings.addAll(file.unfinished());
    } else {
      for (ConfigProblem problem : file.unfinished()) {
        file.error(problem.place(), problem.message());
      }
    }
  }

  private void readFile(Path file, String namedBy, RawSettings settings) {
    YamlFile.read(file, namedBy, files, settings);
    RawSetting inItself = settings.byPath().remove(FILE.path());
    if (inItself != null) {
      String message = FILE + " cannot be set in the file itself";
      settings.error(inItself.place(), message);
    }
  }

  private static RawSetting winner(List<RawSettings> sources, String path) {
    for (RawSettings source : sources) {
      RawSetting setting = source.byPath().get(path);
      if (setting != null) {
        return setting;
      }
    }
    return null;
  }

  private LoadedConfig bind(List<RawSettings> sources, Map<String, String> otel) {
    Map<String, RawSetting> winners = new TreeMap<>();
    for (RawSettings source : sources) {
      for (RawSetting setting : source.byPath().values()) {
        winners.putIfAbsent(setting.path(), setting);
      }
    }
    Map<String, EffectiveSetting> settings = new HashMap<>();
    for (RawSetting winner : winners.values()) {
      EffectiveSetting setting = judge(winner);
      if (setting != null) {
        settings.put(setting.path(), setting);
      }
    }
    for (RawSetting winner : winners.values()) {
      checkRelations(winner, settings.get(winner.path()), winners.keySet());
    }
    Draft draft = new Draft(schema, settings, properties, otel, files, offline, errors, warnings);
    for (Rule rule : schema.rules()) {
      rule.apply(draft);
    }
    return new LoadedConfig(draft.settings(), errors, warnings, unfinished);
  }

  /** Notes an error when something that the setting needs is not set. */
  private void checkRelations(RawSetting raw, EffectiveSetting setting, Set<String> paths) {
    String name = Property.fullName(raw.path());
    String needed = raw.neededPath();
    if (needed != null && !paths.contains(needed)) {
      failed(raw, name + " needs " + Property.fullName(needed) + " too");
    }
    if (setting != null) {
      for (String path : raw.property().pathsNamedBy(setting.parsed())) {
        if (!paths.contains(path)) {
          // What a reference yields is not shown.
          String missing =
              raw.hasReference() ? "a property that it names" : Property.fullName(path);
          failed(raw, name + " needs " + missing + ", which is not set");
        }
      }
    }
  }

  /** The setting with its value parsed; null, and an error noted, when that is not possible. */
  private EffectiveSetting judge(RawSetting raw) {
    Property<?> property = raw.property();
    String name = Property.fullName(raw.path());
    String written = raw.text() == null ? "" : raw.text().trim();
    boolean quotable = !property.type().isSecret();
    try {
      if (raw.items() != null && !property.type().isList()) {
        return failed(raw, name + " takes one value, not a list");
      }
      if (written.isEmpty()) {
        return failed(raw, name + " has no value");
      }
      Object value =
          raw.items() == null
              ? property.type().parse(references.resolve(written).trim())
              : property.type().parseItems(resolved(raw.items()));
      return new EffectiveSetting(raw.path(), property, value, written, raw.place());
    } catch (References.UnresolvedException e) {
      boolean maybeThere =
          e.missing() == References.Missing.FILE
              || (e.missing() == References.Missing.VARIABLE && !knowsVariables);
      if (offline && maybeThere) {
        return unjudged(raw, written);
      }
      new RawSettings(schema, errors).error(raw.place(), raw.path(), e.getMessage());
      return null;
    } catch (InvalidValueException e) {
      boolean quote = quotable && !e.sensitive();
      String subject = quote ? name + " is " + quoted(written) + " but" : name;
      return failed(raw, subject + " must be " + e.getMessage());
    }
  }

  /** As if nobody had set it, but for what is shown. */
  private static EffectiveSetting unjudged(RawSetting raw, String written) {
    Property<?> property = raw.property();
    Object value = property.isNamed() ? exampleOf(property) : property.defaultValue();
    return new EffectiveSetting(raw.path(), property, value, written, raw.place());
  }

  /** What stands under a name of the user's must have a value, whichever it is. */
  private static Object exampleOf(Property<?> property) {
    try {
      return property.example() == null ? null : property.type().parse(property.example());
    } catch (InvalidValueException e) {
      return property.defaultValue();
    }
  }

  private List<String> resolved(List<String> items) throws References.UnresolvedException {
    List<String> resolved = new ArrayList<>();
    for (String item : items) {
      resolved.add(references.resolve(item).trim());
    }
    return resolved;
  }

  private static String quoted(String text) {
    boolean cut = text.length() > MAX_QUOTED;
    return '"' + (cut ? text.substring(0, MAX_QUOTED) + "..." : text) + '"';
  }

  private EffectiveSetting failed(RawSetting raw, String message) {
    new RawSettings(schema, errors).error(raw.place(), message);
    return null;
  }
}
