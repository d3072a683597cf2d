package io.flyball.engine.tokens;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What media are billed as by a family of models: a row of {@code media.yaml}. Immutable. */
final class MediaRule {
  private static final String TABLE = "media.yaml";

  private static final long TILE = 512;
  private static final long TILED_LONG_SIDE = 2_048;
  private static final long TILED_SHORT_SIDE = 768;
  private static final long MOST_TILES = 8;

  private static final long CROP_TOKENS = 258;
  private static final long SMALL = 384;
  private static final long SMALLEST_CROP = 256;
  private static final long LARGEST_CROP = 768;

  /** Of an image of 3,072 pixels, to which larger ones are scaled, in its dearest shape. */
  private static final long MOST_CROPS = 24;

  private static volatile List<MediaRule> table;

  private final List<String> contains;
  private final List<String> providers;
  private final String image;
  private final Map<?, ?> row;

  private MediaRule(Map<?, ?> row) {
    this.row = row;
    this.contains = texts(row.get("contains"));
    this.providers = texts(row.get("providers"));
    this.image = String.valueOf(row.get("image"));
  }

  private static List<String> texts(Object list) {
    if (list == null) {
      return Collections.emptyList();
    }
    List<String> texts = new ArrayList<>();
    for (Object each : (List<?>) list) {
      texts.add(String.valueOf(each));
    }
    return texts;
  }

  /**
   * The rule for a model.
   *
   * @param provider {@code gen_ai.provider.name}, or null
   * @param model as the request names it, or null
   */
  static MediaRule of(String provider, String model) {
    List<MediaRule> rules = table;
    if (rules == null) {
      rules = read();
      table = rules;
    }
    String name = model == null ? "" : model.toLowerCase(Locale.ROOT);
    for (MediaRule rule : rules) {
      boolean there = rule.providers.isEmpty() || rule.providers.contains(provider);
      if (there && rule.contains.stream().anyMatch(name::contains)) {
        return rule;
      }
    }
    throw new IllegalStateException(TABLE + ": the last entry holds for every model");
  }

  private static List<MediaRule> read() {
    try (InputStream in = MediaRule.class.getResourceAsStream(TABLE)) {
      Map<?, ?> root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
      List<MediaRule> rules = new ArrayList<>();
      for (Object row : (List<?>) root.get("media")) {
        rules.add(new MediaRule((Map<?, ?>) row));
      }
      return rules;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BigDecimal number(String field) {
    Object value = row.get(field);
    if (value == null) {
      throw new IllegalStateException(TABLE + ": " + contains + " has no " + field);
    }
    return new BigDecimal(value.toString());
  }

  private long count(String field) {
    return number(field).longValueExact();
  }

  /** Tokens of a page of a PDF. */
  long page() {
    return count("page");
  }

  /** Pages that a PDF may have. */
  long mostPages() {
    return count("pages");
  }

  /** Tokens of a second of sound. */
  long audio() {
    return count("audio");
  }

  /** Tokens of one image of a film. */
  long frame() {
    return count("frame");
  }

  /**
   * Tokens of an image at most.
   *
   * @param width in pixels; 0 when the size is not known: then those of the largest
   * @param detail as the request asks for, or null
   * @param ultra whether the request asks for the highest resolution somewhere
   */
  long image(long width, long height, String detail, boolean ultra) {
    boolean known = width > 0 && height > 0;
    switch (image) {
      case "tiles":
        return "low".equals(detail)
            ? count("base")
            : count("base") + count("tile") * (known ? tiles(width, height) : MOST_TILES);
      case "cells":
        return cells(known, width, height, detail);
      case "crops":
        return CROP_TOKENS * (known ? crops(width, height) : MOST_CROPS);
      default:
        return count(ultra ? "tokens_ultra" : "tokens");
    }
  }

  /** Whether it matters that a request asks for the highest resolution. */
  boolean knowsUltra() {
    return row.containsKey("tokens_ultra");
  }

  private long cells(boolean known, long width, long height, String detail) {
    boolean high = "high".equals(detail) || "low".equals(detail);
    long most = count(high && row.containsKey("most_high") ? "most_high" : "most");
    long cell = count("cell");
    long cells = known ? Math.min(most, up(width, cell) * up(height, cell)) : most;
    long tokens =
        number("factor")
            .multiply(BigDecimal.valueOf(cells))
            .setScale(0, RoundingMode.UP)
            .longValueExact();
    return Math.max(count("least"), tokens);
  }

  private static long tiles(long width, long height) {
    long longer = Math.max(width, height);
    long shorter = Math.min(width, height);
    // The sides as fractions of one denominator, so that nothing is rounded down on the way.
    long denominator = 1;
    if (longer > TILED_LONG_SIDE) {
      denominator = longer;
      longer *= TILED_LONG_SIDE;
      shorter *= TILED_LONG_SIDE;
    }
    if (shorter > TILED_SHORT_SIDE * denominator) {
      longer *= TILED_SHORT_SIDE;
      denominator = shorter;
      shorter *= TILED_SHORT_SIDE;
    }
    return Math.min(MOST_TILES, up(longer, TILE * denominator) * up(shorter, TILE * denominator));
  }

  /** Google's documents have two ways to count them. */
  private static long crops(long width, long height) {
    if (width <= SMALL && height <= SMALL) {
      return 1;
    }
    long unit = Math.max(SMALLEST_CROP, Math.min(LARGEST_CROP, Math.min(width, height) * 2 / 3));
    return Math.max(
        up(width, unit) * up(height, unit), up(width, LARGEST_CROP) * up(height, LARGEST_CROP));
  }

  private static long up(long length, long unit) {
    return (length + unit - 1) / unit;
  }
}
