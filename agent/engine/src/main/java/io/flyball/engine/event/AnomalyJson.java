package io.flyball.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.SpendUnit;
import io.flyball.engine.call.Attribution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;

/**
 * An anomaly as one JSON object, for the event file, the console and webhooks. Its first field is
 * {@code event}, which the object of a call does not have.
 */
public final class AnomalyJson {
  private static final int CENTS = 6;

  private final JsonFactory factory = new JsonFactory();
  private final String service;

  /**
   * @param service the name of the service, or null
   */
  public AnomalyJson(String service) {
    this.service = service;
  }

  /** The anomaly as UTF-8, without a line break. */
  public byte[] bytes(Anomaly anomaly) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = factory.createGenerator(out)) {
      write(json, anomaly);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes the anomaly as one object. */
  public void write(JsonGenerator json, Anomaly anomaly) throws IOException {
    boolean over = anomaly.end() != null;
    json.writeStartObject();
    json.writeStringField("event", "anomaly");
    json.writeStringField("ts", time(over ? anomaly.endMillis() : anomaly.sinceMillis()));
    text(json, "service", service);
    json.writeStringField("id", anomaly.id());
    json.writeStringField("kind", anomaly.kind().label());
    json.writeStringField("state", over ? "ended" : "began");
    json.writeStringField("since", time(anomaly.sinceMillis()));
    if (over) {
      json.writeStringField("reason", anomaly.end().label());
    }
    if (anomaly.isSpending()) {
      writeSpending(json, anomaly);
    } else {
      writeConversation(json, anomaly);
    }
    json.writeStringField("text", "Flyball: " + anomaly);
    json.writeEndObject();
  }

  private static void writeSpending(JsonGenerator json, Anomaly anomaly) throws IOException {
    json.writeStringField("scope", anomaly.scope().name().toLowerCase(Locale.ROOT));
    json.writeStringField("key", anomaly.key());
    json.writeStringField("unit", anomaly.unit().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("window_ms", anomaly.windowMillis());
    amount(json, "spent", anomaly.unit(), anomaly.spent());
    amount(json, "usual", anomaly.unit(), anomaly.usual());
    if (anomaly.end() != null) {
      amount(json, "spent_in_all", anomaly.unit(), anomaly.inAll());
    }
  }

  private static void writeConversation(JsonGenerator json, Anomaly anomaly) throws IOException {
    Attribution whose = anomaly.attribution();
    json.writeStringField("conversation", anomaly.key());
    text(json, "feature", whose.feature());
    text(json, "tenant", whose.tenant());
    text(json, "user_hash", whose.userHash());
    json.writeNumberField(
        anomaly.kind() == Anomaly.Kind.LOOP ? "steps" : "repeats", anomaly.count());
    if (anomaly.end() != null) {
      json.writeNumberField("more_calls", (long) anomaly.inAll());
    }
  }

  private static void amount(JsonGenerator json, String name, SpendUnit unit, double value)
      throws IOException {
    json.writeFieldName(name);
    int digits = unit == SpendUnit.USD ? CENTS : 0;
    json.writeNumber(
        BigDecimal.valueOf(value)
            .setScale(digits, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString());
  }

  private static String time(long epochMillis) {
    return Instant.ofEpochMilli(epochMillis).toString();
  }

  private static void text(JsonGenerator json, String name, String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
