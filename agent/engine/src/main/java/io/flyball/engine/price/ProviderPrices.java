package io.flyball.engine.price;

import io.flyball.protocol.HostNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** The price list of one provider. Immutable. */
final class ProviderPrices {

  /** A price and the rules by which a model's name leads to it. */
  static final class Entry {
    private final List<ModelRule> rules;
    private final Price price;

    Entry(List<ModelRule> rules, Price price) {
      this.rules = rules;
      this.price = price;
    }

    Price price() {
      return price;
    }

    private long score(String name) {
      long best = 0;
      for (ModelRule rule : rules) {
        best = Math.max(best, rule.score(name));
      }
      return best;
    }
  }

  private final String id;
  private final List<String> names;
  private final List<Pattern> hosts;
  private final String otherwise;
  private final boolean resells;
  private final List<Entry> entries;

  /**
   * @param hosts host names, {@code *} stands for any characters
   * @param otherwise the provider to ask when no entry matches, or null
   * @param resells whether models are called {@code provider/model} and cost what that provider's
   *     list says
   */
  ProviderPrices(
      String id,
      List<String> names,
      List<String> hosts,
      String otherwise,
      boolean resells,
      List<Entry> entries) {
    this.id = id;
    this.names = names;
    this.hosts = new ArrayList<>();
    for (String host : hosts) {
      this.hosts.add(hostPattern(host));
    }
    this.otherwise = otherwise;
    this.resells = resells;
    this.entries = entries;
  }

  private static Pattern hostPattern(String host) {
    String literal = "\\Q" + HostNames.plain(host).replace("*", "\\E.*\\Q") + "\\E";
    return Pattern.compile(literal);
  }

  String id() {
    return id;
  }

  String otherwise() {
    return otherwise;
  }

  boolean resells() {
    return resells;
  }

  boolean isNamed(String name) {
    return names.contains(name) || id.equals(name);
  }

  boolean isAt(String host) {
    for (Pattern pattern : hosts) {
      if (pattern.matcher(host).matches()) {
        return true;
      }
    }
    return false;
  }

  /** The best price for that name (lower case), or null. */
  Price priceOf(String name) {
    Price best = null;
    long bestScore = 0;
    for (Entry entry : entries) {
      long score = entry.score(name);
      if (score > bestScore) {
        best = entry.price;
        bestScore = score;
      }
    }
    return best;
  }

  static List<ProviderPrices> none() {
    return Collections.emptyList();
  }
}
