package io.flyball.engine.price;

import io.flyball.base.file.FileReads;
import io.flyball.protocol.HostNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What models cost, as data: the built-in catalogue with the user's own prices over it. A model
 * that is in neither has no price. Immutable but for a bounded cache of answers; safe for use by
 * many threads.
 */
public final class PriceCatalogue {
  private static final String BUILT_IN = "prices.yaml";
  private static final int CACHED_ANSWERS = 1_000;
  private static final String AZURE_GPT_35 = "gpt-35";
  private static final String GPT_35 = "gpt-3.5";
  private static final String MODELS = "models/";

  /** The price files, the most important first. */
  private final List<List<ProviderPrices>> layers;

  private final LocalDate date;
  private final Map<Question, Answer> answers = new ConcurrentHashMap<>();

  private PriceCatalogue(List<List<ProviderPrices>> layers, LocalDate date) {
    this.layers = layers;
    this.date = date;
  }

  /** The catalogue that comes with Flyball. */
  public static PriceCatalogue builtIn() {
    try (InputStream in = PriceCatalogue.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new PriceFileException(BUILT_IN + ": is not in the jar", null);
      }
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      byte[] buffer = new byte[8_192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        content.write(buffer, 0, read);
      }
      PriceFile file = PriceFile.read(BUILT_IN, content.toByteArray());
      return new PriceCatalogue(Collections.singletonList(file.providers()), file.date());
    } catch (IOException e) {
      throw new PriceFileException(BUILT_IN + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** A catalogue without prices: every model is unpriced. */
  public static PriceCatalogue empty() {
    return new PriceCatalogue(Collections.singletonList(ProviderPrices.none()), null);
  }

  /**
   * This catalogue with a user's price file over it. Returns within seconds, whatever the file is.
   *
   * @throws PriceFileException when the file cannot be read; the message names file, path and line
   */
  public PriceCatalogue overriddenBy(Path file) {
    return overriddenBy(OwnPrices.read(file, new FileReads(FileReads.USUAL_MILLIS)));
  }

  /** This catalogue with a user's prices over it. */
  public PriceCatalogue overriddenBy(OwnPrices own) {
    List<List<ProviderPrices>> all = new ArrayList<>();
    all.add(own.providers());
    all.addAll(layers);
    return new PriceCatalogue(Collections.unmodifiableList(all), date);
  }

  /**
   * Whoever is named as the next to look at is there, and does not lead back.
   *
   * @throws PriceFileException otherwise
   */
  void checkOtherwise(Path file, String first) {
    Set<String> seen = new LinkedHashSet<>();
    for (String id = first; id != null; id = otherwise(id)) {
      if (!has(id)) {
        throw new PriceFileException(
            file + ": providers." + first + ".otherwise: there is no provider " + id, null);
      }
      if (!seen.add(id)) {
        throw new PriceFileException(
            file + ": providers." + first + ".otherwise goes in a circle: " + seen, null);
      }
    }
  }

  private boolean has(String id) {
    return layers.stream().flatMap(List::stream).anyMatch(prices -> prices.id().equals(id));
  }

  /** The provider that is looked at next; null for none. */
  private String otherwise(String id) {
    for (List<ProviderPrices> layer : layers) {
      for (ProviderPrices prices : layer) {
        if (prices.id().equals(id) && prices.otherwise() != null) {
          return prices.otherwise();
        }
      }
    }
    return null;
  }

  /** The day the built-in prices were gathered, or null when not known. */
  public LocalDate date() {
    return date;
  }

  /**
   * The price of a model.
   *
   * @param provider {@code gen_ai.provider.name}, or a provider's id in the catalogue
   * @param host the host that was asked, or null; it is looked up before the provider's name, so
   *     that a provider with another's wire format is charged by its own list
   * @param model as the provider or the application writes it; null: not known
   */
  public Optional<Price> priceOf(String provider, String host, String model) {
    return answer(provider, host, model).price;
  }

  /** The price at the first provider in the catalogue that has the model under this name. */
  public Optional<Price> firstPriceOf(String model) {
    String asked = model.toLowerCase(Locale.ROOT);
    for (List<ProviderPrices> layer : layers) {
      for (ProviderPrices prices : layer) {
        Price price = prices.priceOf(asked);
        if (price != null) {
          return Optional.of(price);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * How much a model can read and write, as far as is known; never null. What the entry with the
   * price leaves out is taken from those it hides: the built-in one below the user's own, the
   * original model's below that of a provider who hosts it.
   *
   * @param provider as for {@link #priceOf}, and so are the others
   */
  public ModelLimits limitsOf(String provider, String host, String model) {
    return answer(provider, host, model).limits;
  }

  private Answer answer(String provider, String host, String model) {
    if (model == null || model.isEmpty()) {
      return Answer.NONE;
    }
    Question question = new Question(provider, host, model);
    Answer known = answers.get(question);
    if (known != null) {
      return known;
    }
    Answer found = lookUp(question);
    if (answers.size() >= CACHED_ANSWERS) {
      answers.clear();
    }
    answers.put(question, found);
    return found;
  }

  private Answer lookUp(Question question) {
    String id = providerId(question.host, question.provider);
    Answer found = lookUp(id, question.model);
    // Azure's names have no dots.
    if (!found.price.isPresent() && question.model.startsWith(AZURE_GPT_35)) {
      found = lookUp(id, GPT_35 + question.model.substring(AZURE_GPT_35.length()));
    }
    if (!found.price.isPresent() && id != null) {
      String plain = withoutOwner(id, question.model);
      found = plain == null ? found : lookUp(id, plain);
    }
    return found;
  }

  /**
   * Google calls its models {@code models/NAME}, {@code publishers/google/models/NAME} and {@code
   * google/NAME}, depending on the endpoint; null where the name is nothing of that kind.
   */
  private String withoutOwner(String id, String model) {
    int models = model.lastIndexOf(MODELS);
    if (models == 0 || (models > 0 && model.charAt(models - 1) == '/')) {
      return model.substring(models + MODELS.length());
    }
    int slash = model.indexOf('/');
    return slash > 0 && id.equals(providerId(null, model.substring(0, slash)))
        ? model.substring(slash + 1)
        : null;
  }

  private Answer lookUp(String provider, String model) {
    Price first = null;
    ModelLimits limits = ModelLimits.UNKNOWN;
    String id = provider;
    String name = model;
    for (int hops = 0; id != null && hops < layers.size() + 8; hops++) {
      String next = null;
      boolean resells = false;
      for (List<ProviderPrices> layer : layers) {
        for (ProviderPrices prices : layer) {
          if (prices.id().equals(id)) {
            Price price = prices.priceOf(name);
            if (price != null) {
              first = first == null ? price : first;
              limits = limits.orElse(price.limits());
            }
            next = next == null ? prices.otherwise() : next;
            resells |= prices.resells();
          }
        }
      }
      int slash = resells ? name.indexOf('/') : -1;
      if (slash > 0) {
        next = providerId(null, name.substring(0, slash));
        String variant = name.substring(slash + 1);
        name = isListed(next, variant) ? variant : ownName(variant);
      }
      id = next;
    }
    return new Answer(Optional.ofNullable(first), limits);
  }

  /** Whether a variant has a price of its own. */
  private boolean isListed(String id, String name) {
    for (List<ProviderPrices> layer : layers) {
      for (ProviderPrices prices : layer) {
        if (prices.id().equals(id) && prices.priceOf(name) != null) {
          return true;
        }
      }
    }
    return false;
  }

  /** Resellers mark variants ({@code :nitro}) and write Anthropic's versions with dots. */
  private static String ownName(String name) {
    int variant = name.indexOf(':');
    String plain = variant < 0 ? name : name.substring(0, variant);
    return plain.startsWith("claude-") ? plain.replace('.', '-') : plain;
  }

  private String providerId(String host, String provider) {
    if (host != null) {
      for (List<ProviderPrices> layer : layers) {
        for (ProviderPrices prices : layer) {
          if (prices.isAt(host)) {
            return prices.id();
          }
        }
      }
    }
    for (List<ProviderPrices> layer : layers) {
      for (ProviderPrices prices : layer) {
        if (prices.isNamed(provider)) {
          return prices.id();
        }
      }
    }
    return null;
  }

  /** What is known of a model. */
  private static final class Answer {
    static final Answer NONE = new Answer(Optional.<Price>empty(), ModelLimits.UNKNOWN);

    final Optional<Price> price;
    final ModelLimits limits;

    Answer(Optional<Price> price, ModelLimits limits) {
      this.price = price;
      this.limits = limits;
    }
  }

  /** Key of the cache; all parts lower case. */
  private static final class Question {
    private final String provider;
    private final String host;
    private final String model;

    Question(String provider, String host, String model) {
      this.provider = provider;
      this.host = HostNames.plain(host);
      this.model = model.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
      if (!(other instanceof Question)) {
        return false;
      }
      Question that = (Question) other;
      return Objects.equals(provider, that.provider)
          && Objects.equals(host, that.host)
          && model.equals(that.model);
    }

    @Override
    public int hashCode() {
      return Objects.hash(provider, host, model);
    }
  }
}
