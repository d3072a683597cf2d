package io.flyball.engine.price;

import io.flyball.settings.yaml.YamlNodes;
import io.flyball.settings.yaml.YamlProblem;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a price file; its format is described at the top of {@code prices.yaml}. Numbers are taken
 * from their text, so that 0.1 is a tenth.
 */
final class PriceFile {
  /** A longer list of prices is a mistake. */
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int MAX_VALUES = 200_000;

  /** What is read of aliases counts each time. */
  private static final int MAX_VISITED = 1_000_000;

  private static final int MAX_DIGITS = 30;
  private static final int MAX_SHOWN = 100;

  private static final List<String> TOP_FIELDS = Arrays.asList("version", "date", "providers");
  private static final List<String> PROVIDER_FIELDS =
      Arrays.asList(
          "id",
          "names",
          "hosts",
          "otherwise",
          "resells",
          "multipliers",
          "per_1000_uses",
          "cache_writes",
          "models");
  private static final List<String> MODEL_FIELDS = modelFields();

  private final String fileName;
  private final Set<String> hosts = new HashSet<>();
  private int visited;
  private LocalDate date;
  private final List<ProviderPrices> providers = new ArrayList<>();

  private PriceFile(String fileName) {
    this.fileName = fileName;
  }

  /**
   * @param fileName how messages call the file
   * @param content UTF-8
   * @throws PriceFileException when it is not a price file
   */
  static PriceFile read(String fileName, byte[] content) {
    PriceFile file = new PriceFile(fileName);
    Node root;
    try {
      root = YamlNodes.compose(fileName, content, MAX_VALUES);
    } catch (YamlProblem e) {
      String line = e.line() == 0 ? "" : ", line " + e.line();
      throw new PriceFileException(fileName + line + ": " + e.getMessage(), e);
    }
    if (root == null) {
      throw new PriceFileException(fileName + ": is empty", null);
    }
    file.readTop(root);
    return file;
  }

  /** The day the prices were gathered, or null when the file does not say. */
  LocalDate date() {
    return date;
  }

  List<ProviderPrices> providers() {
    return providers;
  }

  private static List<String> modelFields() {
    List<String> fields =
        new ArrayList<>(
            Arrays.asList(
                "name",
                "match",
                "per_1000_requests",
                "per_1000_uses",
                "cache_writes",
                "tiers",
                "multipliers",
                "context_window",
                "max_output"));
    for (Rates.Kind kind : Rates.Kind.values()) {
      fields.add(kind.field());
    }
    return fields;
  }

  private void readTop(Node root) {
    Map<String, Node> fields = mapping(root, "", TOP_FIELDS);
    Node version = required(fields, "version", root, "");
    if (!"1".equals(text(version, "version"))) {
      throw wrong(version, "version", "must be 1: this Flyball reads no other");
    }
    if (fields.containsKey("date")) {
      Node node = fields.get("date");
      try {
        date = LocalDate.parse(text(node, "date"));
      } catch (DateTimeParseException e) {
        throw wrong(node, "date", "must be a date like 2026-08-21");
      }
    }
    Node list = required(fields, "providers", root, "");
    Set<String> ids = new LinkedHashSet<>();
    int index = 0;
    for (Node each : sequence(list, "providers")) {
      ProviderPrices provider = readProvider(each, "providers[" + index++ + ']');
      if (!ids.add(provider.id())) {
        throw wrong(each, "providers", "two providers have the id " + provider.id());
      }
      providers.add(provider);
    }
  }

  private ProviderPrices readProvider(Node node, String path) {
    Map<String, Node> fields = mapping(node, path, PROVIDER_FIELDS);
    String id = notEmpty(required(fields, "id", node, path), path + ".id").toLowerCase(Locale.ROOT);
    String at = "providers." + id;
    Map<String, BigDecimal> multipliers = numbers(fields.get("multipliers"), at + ".multipliers");
    Map<String, BigDecimal> fees = numbers(fields.get("per_1000_uses"), at + ".per_1000_uses");
    boolean marked = isMarked(fields.get("cache_writes"), at + ".cache_writes", false);
    List<ProviderPrices.Entry> entries = new ArrayList<>();
    Node models = fields.get("models");
    if (models != null) {
      int index = 0;
      Set<String> names = new HashSet<>();
      for (Node model : sequence(models, at + ".models")) {
        ProviderPrices.Entry entry =
            readModel(model, id, at + ".models[" + index++ + ']', multipliers, fees, marked);
        if (!names.add(entry.price().model().toLowerCase(Locale.ROOT))) {
          throw wrong(model, at + ".models", "two have the name " + entry.price().model());
        }
        entries.add(entry);
      }
    }
    String otherwise =
        fields.containsKey("otherwise") ? text(fields.get("otherwise"), at + ".otherwise") : null;
    return new ProviderPrices(
        id,
        texts(fields.get("names"), at + ".names"),
        hosts(fields.get("hosts"), at + ".hosts"),
        otherwise,
        isTrue(fields.get("resells"), at + ".resells"),
        entries);
  }

  private ProviderPrices.Entry readModel(
      Node node,
      String provider,
      String path,
      Map<String, BigDecimal> providerMultipliers,
      Map<String, BigDecimal> providerFees,
      boolean marked) {
    Map<String, Node> fields = mapping(node, path, MODEL_FIELDS);
    String name = notEmpty(required(fields, "name", node, path), path + ".name");
    String at = "providers." + provider + ".models." + name;
    Map<Rates.Kind, BigDecimal> stated = rates(fields, at);
    if (!stated.containsKey(Rates.Kind.INPUT)) {
      throw wrong(node, at, "has no input price");
    }
    Rates base = new Rates(stated);
    Map<String, BigDecimal> multipliers = new HashMap<>(providerMultipliers);
    multipliers.putAll(numbers(fields.get("multipliers"), at + ".multipliers"));
    Map<String, BigDecimal> fees = new HashMap<>(providerFees);
    fees.putAll(numbers(fields.get("per_1000_uses"), at + ".per_1000_uses"));
    Price price =
        new Price(
            provider,
            name,
            base,
            tiers(fields.get("tiers"), at + ".tiers", base),
            multipliers,
            fields.containsKey("per_1000_requests")
                ? number(fields.get("per_1000_requests"), at + ".per_1000_requests")
                : BigDecimal.ZERO,
            fees,
            isMarked(fields.get("cache_writes"), at + ".cache_writes", marked),
            new ModelLimits(
                limit(fields.get("context_window"), at + ".context_window"),
                limit(fields.get("max_output"), at + ".max_output")));
    return new ProviderPrices.Entry(rules(name, fields.get("match"), at + ".match"), price);
  }

  private List<ModelRule> rules(String name, Node match, String path) {
    List<ModelRule> rules = new ArrayList<>();
    rules.add(new ModelRule(ModelRule.Kind.SNAPSHOT, name));
    if (match != null) {
      List<String> kinds = new ArrayList<>();
      for (ModelRule.Kind kind : ModelRule.Kind.values()) {
        kinds.add(kind.field());
      }
      for (Node rule : sequence(match, path)) {
        for (Map.Entry<String, Node> each : mapping(rule, path, kinds).entrySet()) {
          ModelRule.Kind kind = ModelRule.Kind.valueOf(each.getKey().toUpperCase(Locale.ROOT));
          rules.add(new ModelRule(kind, notEmpty(each.getValue(), path + '.' + each.getKey())));
        }
      }
    }
    return rules;
  }

  private Map<Long, Rates> tiers(Node node, String path, Rates base) {
    Map<Long, Rates> tiers = new TreeMap<>();
    if (node == null) {
      return tiers;
    }
    List<String> allowed = new ArrayList<>(Collections.singletonList("above"));
    for (Rates.Kind kind : Rates.Kind.values()) {
      allowed.add(kind.field());
    }
    for (Node each : sequence(node, path)) {
      Map<String, Node> fields = mapping(each, path, allowed);
      long above = count(required(fields, "above", each, path), path + ".above");
      if (tiers.put(above, base.overlaidWith(rates(fields, path))) != null) {
        throw wrong(each, path, "two are above " + above);
      }
    }
    return tiers;
  }

  private Map<Rates.Kind, BigDecimal> rates(Map<String, Node> fields, String path) {
    Map<Rates.Kind, BigDecimal> rates = new EnumMap<>(Rates.Kind.class);
    for (Rates.Kind kind : Rates.Kind.values()) {
      Node node = fields.get(kind.field());
      if (node != null) {
        rates.put(kind, number(node, path + '.' + kind.field()));
      }
    }
    return rates;
  }

  private boolean isTrue(Node node, String path) {
    if (node == null) {
      return false;
    }
    String text = text(node, path);
    if (!text.equals("true") && !text.equals("false")) {
      throw wrong(node, path, "must be true or false");
    }
    return text.equals("true");
  }

  private String notEmpty(Node node, String path) {
    String text = text(node, path);
    if (text.trim().isEmpty()) {
      throw wrong(node, path, "must not be empty");
    }
    return text.trim();
  }

  private boolean isMarked(Node node, String path, boolean otherwise) {
    if (node == null) {
      return otherwise;
    }
    String text = text(node, path);
    if (!text.equals("marked") && !text.equals("automatic")) {
      throw wrong(node, path, "must be marked or automatic");
    }
    return text.equals("marked");
  }

  private Map<String, BigDecimal> numbers(Node node, String path) {
    Map<String, BigDecimal> numbers = new HashMap<>();
    if (node != null) {
      for (Map.Entry<String, Node> each : mapping(node, path, null).entrySet()) {
        numbers.put(
            each.getKey().toLowerCase(Locale.ROOT),
            number(each.getValue(), path + '.' + each.getKey()));
      }
    }
    return numbers;
  }

  /** Null when it is not given. */
  private Long limit(Node node, String path) {
    if (node == null) {
      return null;
    }
    long tokens = count(node, path);
    if (tokens == 0) {
      throw wrong(node, path, "must be more than zero");
    }
    return tokens;
  }

  private long count(Node node, String path) {
    try {
      return number(node, path).longValueExact();
    } catch (ArithmeticException e) {
      throw wrong(node, path, "must be a whole number of tokens");
    }
  }

  private BigDecimal number(Node node, String path) {
    BigDecimal number;
    try {
      String text = text(node, path);
      // The time to read digits grows with their square, and exponents can mean a gigabyte of them.
      number = text.length() > MAX_DIGITS ? null : new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw wrong(node, path, "must be a number");
    }
    if (number == null || Math.abs(number.scale()) > MAX_DIGITS) {
      throw wrong(node, path, "must be a number of no more than " + MAX_DIGITS + " digits");
    }
    if (number.signum() < 0) {
      throw wrong(node, path, "must not be negative");
    }
    return number;
  }

  private List<String> texts(Node node, String path) {
    List<String> texts = new ArrayList<>();
    if (node != null) {
      for (Node each : sequence(node, path)) {
        texts.add(text(each, path));
      }
    }
    return texts;
  }

  private List<String> hosts(Node node, String path) {
    List<String> named = new ArrayList<>();
    if (node != null) {
      for (Node each : sequence(node, path)) {
        String host = notEmpty(each, path).toLowerCase(Locale.ROOT);
        int colon = host.indexOf(':');
        boolean port = colon >= 0 && colon == host.lastIndexOf(':');
        if (port || host.indexOf('/') >= 0 || host.contains("]:")) {
          throw wrong(each, path, "must be names of hosts, without scheme, port and path");
        }
        if (!hosts.add(host)) {
          throw wrong(each, path, "has a host that is named already: " + host);
        }
        named.add(host);
      }
    }
    return named;
  }

  private String text(Node node, String path) {
    if (++visited > MAX_VISITED) {
      throw wrong(node, path, "is too much, with all that aliases repeat");
    }
    if (!(node instanceof ScalarNode)) {
      throw wrong(node, path, "must be a single value");
    }
    return ((ScalarNode) node).getValue();
  }

  private List<Node> sequence(Node node, String path) {
    if (!(node instanceof SequenceNode)) {
      throw wrong(node, path, "must be a list");
    }
    return ((SequenceNode) node).getValue();
  }

  /**
   * @param allowed null: any
   */
  private Map<String, Node> mapping(Node node, String path, List<String> allowed) {
    if (!(node instanceof MappingNode)) {
      throw wrong(node, path.isEmpty() ? "(top)" : path, "must be a mapping");
    }
    Map<String, Node> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      String key = text(tuple.getKeyNode(), path);
      String full = path.isEmpty() ? key : path + '.' + key;
      if (allowed != null && !allowed.contains(key)) {
        throw wrong(tuple.getKeyNode(), full, "is not known; known are " + allowed);
      }
      if (fields.put(key, tuple.getValueNode()) != null) {
        throw wrong(tuple.getKeyNode(), full, "is given twice");
      }
    }
    return fields;
  }

  private Node required(Map<String, Node> fields, String key, Node parent, String path) {
    Node node = fields.get(key);
    if (node == null) {
      throw wrong(parent, path.isEmpty() ? key : path + '.' + key, "is missing");
    }
    return node;
  }

  private PriceFileException wrong(Node node, String path, String problem) {
    String line =
        node.getStartMark().isPresent()
            ? ", line " + (node.getStartMark().get().getLine() + 1)
            : "";
    String where = path.length() > MAX_SHOWN ? path.substring(0, MAX_SHOWN) + "..." : path;
    return new PriceFileException(fileName + line + ": " + where + ' ' + problem, null);
  }
}
