package io.flyball.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * An alert as one JSON object, in the form of an anomaly: its first field is {@code event}, its
 * last a {@code text} that chat services show.
 */
public final class AlertJson {
  private final JsonFactory factory = new JsonFactory();
  private final String service;

  /**
   * @param service the name of the service, or null
   */
  public AlertJson(String service) {
    this.service = service;
  }

  /** The alert as UTF-8, without a line break. */
  public byte[] bytes(Alert alert) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = factory.createGenerator(out)) {
      write(json, alert);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes the alert as one object. */
  public void write(JsonGenerator json, Alert alert) throws IOException {
    json.writeStartObject();
    json.writeStringField("event", alert.event());
    json.writeStringField("ts", Instant.ofEpochMilli(alert.epochMillis()).toString());
    if (service != null) {
      json.writeStringField("service", service);
    }
    for (Map.Entry<String, Object> field : alert.fields().entrySet()) {
      json.writeFieldName(field.getKey());
      Object value = field.getValue();
      if (value instanceof BigDecimal) {
        json.writeNumber(((BigDecimal) value).stripTrailingZeros().toPlainString());
      } else if (value instanceof Long) {
        json.writeNumber((Long) value);
      } else {
        json.writeString(value.toString());
      }
    }
    json.writeStringField("text", "Flyball: " + alert);
    json.writeEndObject();
  }
}
