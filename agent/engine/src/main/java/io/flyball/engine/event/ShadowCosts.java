package io.flyball.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flyball.engine.price.Price;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the calls of event files did cost, and what their tokens would have cost at other prices; in
 * all, by feature and by tenant. Dollars are exact.
 */
final class ShadowCosts {
  private static final String NOBODY = "-";
  private static final int MOST_DIGITS = 40;

  /** Calls that are compared. */
  static final class Sums {
    long calls;
    long input;
    long output;
    BigDecimal did = BigDecimal.ZERO;
    BigDecimal would = BigDecimal.ZERO;

    private void add(Usage usage, BigDecimal cost, BigDecimal shadow) {
      calls++;
      input = Counts.plus(input, usage.input());
      output = Counts.plus(output, usage.output());
      did = did.add(cost);
      would = would.add(shadow);
    }
  }

  private final JsonFactory factory = new JsonFactory();
  private final Function<String, Price> prices;
  private final Sums total = new Sums();
  private final Map<String, Sums> byFeature = new TreeMap<>();
  private final Map<String, Sums> byTenant = new TreeMap<>();
  private BigDecimal wasted = BigDecimal.ZERO;
  private BigDecimal unpricedWould = BigDecimal.ZERO;
  private long estimated;
  private long withoutTokens;
  private long unpriced;
  private long otherOperations;
  private long unknownLines;
  private boolean halfLine;

  /**
   * @param prices the other price of a call, by {@code gen_ai.provider.name}; never null
   */
  ShadowCosts(Function<String, Price> prices) {
    this.prices = prices;
  }

  /** Adds a file; a line that is not one of ours is counted and passed over. */
  void read(InputStream events) throws IOException {
    InputStream in = new BufferedInputStream(events);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        readLine(line.toByteArray(), true);
        line.reset();
      } else {
        line.write(b);
      }
    }
    readLine(line.toByteArray(), false);
  }

  private void readLine(byte[] line, boolean whole) {
    if (isBlank(line)) {
      return;
    }
    Event event = parse(line);
    if (event != null && event.tellsOfNoCall) {
      return;
    }
    if (event != null) {
      add(event);
    } else if (whole) {
      unknownLines++;
    } else {
      halfLine = true;
    }
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private void add(Event event) {
    boolean generates =
        Operation.CHAT.telemetryName().equals(event.operation)
            || Operation.TEXT_COMPLETION.telemetryName().equals(event.operation);
    if (!generates) {
      otherOperations++;
      return;
    }
    if (event.input < 0 && event.cost == null) {
      withoutTokens++;
      return;
    }
    Usage usage =
        Usage.builder(Usage.Source.REPORTED)
            .input(event.input)
            .cacheRead(Math.min(Math.max(0, event.cached), Math.max(0, event.input)))
            .output(event.output)
            .reasoning(event.reasoning)
            .build();
    Price price = prices.apply(event.provider);
    BigDecimal would = event.input < 0 ? BigDecimal.ZERO : price.cost(usage, null);
    if (event.cost == null) {
      unpriced++;
      unpricedWould = unpricedWould.add(would);
      return;
    }
    estimated += event.reported ? 0 : 1;
    wasted = wasted.add(event.wasted == null ? BigDecimal.ZERO : event.wasted);
    total.add(usage, event.cost, would);
    byFeature.computeIfAbsent(event.feature, name -> new Sums()).add(usage, event.cost, would);
    byTenant.computeIfAbsent(event.tenant, name -> new Sums()).add(usage, event.cost, would);
  }

  /** Null when it is no event. */
  private Event parse(byte[] line) {
    try (JsonParser json = factory.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      Event event = new Event();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        event.take(name, json);
        json.skipChildren();
      }
      boolean isWhole = json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
      return isWhole && (event.operation != null || event.tellsOfNoCall) ? event : null;
    } catch (IOException | ArithmeticException | NumberFormatException malformed) {
      return null;
    }
  }

  /** The fields that matter. */
  private static final class Event {
    private String operation;
    private String provider;
    private String feature = NOBODY;
    private String tenant = NOBODY;
    private long input = -1;
    private long output;
    private long cached;
    private long reasoning;
    private boolean reported;

    /** But of an anomaly, or an alert. */
    private boolean tellsOfNoCall;

    private BigDecimal cost;
    private BigDecimal wasted;

    void take(String name, JsonParser json) throws IOException {
      switch (name) {
        case "event":
          tellsOfNoCall = true;
          break;
        case "operation":
          operation = json.getText();
          break;
        case "provider":
          provider = json.getText();
          break;
        case "feature":
          feature = json.getText();
          break;
        case "tenant":
          tenant = json.getText();
          break;
        case "input_tokens":
          input = Math.max(0, json.getLongValue());
          break;
        case "output_tokens":
          output = json.getLongValue();
          break;
        case "cached_input_tokens":
          cached = json.getLongValue();
          break;
        case "reasoning_tokens":
          reasoning = json.getLongValue();
          break;
        case "usage_source":
          reported = json.getText().equals("reported");
          break;
        case "cost_usd":
          cost = dollars(json);
          break;
        case "wasted_usd":
          wasted = dollars(json);
          break;
        default:
      }
    }

    private static BigDecimal dollars(JsonParser json) throws IOException {
      BigDecimal dollars = json.getDecimalValue();
      if (dollars.precision() > MOST_DIGITS || Math.abs((long) dollars.scale()) > MOST_DIGITS) {
        throw new ArithmeticException("nothing costs that");
      }
      return dollars;
    }
  }

  Sums total() {
    return total;
  }

  Map<String, Sums> byFeature() {
    return byFeature;
  }

  Map<String, Sums> byTenant() {
    return byTenant;
  }

  /** Of what the calls did cost, that for answers nobody got. */
  BigDecimal wasted() {
    return wasted;
  }

  /** Calls among the compared whose tokens the provider did not report in full. */
  long estimated() {
    return estimated;
  }

  /** Calls that used nothing: failed, refused or answered from elsewhere. */
  long withoutTokens() {
    return withoutTokens;
  }

  /** Calls whose own price is not known. */
  long unpriced() {
    return unpriced;
  }

  /** What those would have cost. */
  BigDecimal unpricedWould() {
    return unpricedWould;
  }

  /** Calls that generate nothing, such as embeddings. */
  long otherOperations() {
    return otherOperations;
  }

  long unknownLines() {
    return unknownLines;
  }

  /** Whether a file ends in the middle of a line. */
  boolean halfLine() {
    return halfLine;
  }
}
