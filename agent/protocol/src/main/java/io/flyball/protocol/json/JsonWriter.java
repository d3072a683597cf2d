package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes one JSON document into memory. Not thread safe. Throws {@link UncheckedIOException} when
 * calls do not make a document, or when JSON text given to {@link #json} is no Unicode.
 */
public final class JsonWriter {

  private interface Step {
    void write(JsonGenerator generator) throws IOException;
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
  private final JsonGenerator generator;

  public JsonWriter() {
    try {
      this.generator = Json.FACTORY.createGenerator(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonWriter step(Step step) {
    try {
      step.write(generator);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JsonWriter name(String name) {
    return step(g -> g.writeFieldName(name));
  }

  public JsonWriter startObject() {
    return step(JsonGenerator::writeStartObject);
  }

  public JsonWriter endObject() {
    return step(JsonGenerator::writeEndObject);
  }

  public JsonWriter startArray() {
    return step(JsonGenerator::writeStartArray);
  }

  public JsonWriter endArray() {
    return step(JsonGenerator::writeEndArray);
  }

  public JsonWriter string(String value) {
    return step(g -> g.writeString(value));
  }

  public JsonWriter string(String name, String value) {
    return step(g -> g.writeStringField(name, value));
  }

  public JsonWriter bool(String name, boolean value) {
    return step(g -> g.writeBooleanField(name, value));
  }

  /** A value that is JSON text already; it is written as it stands. */
  public JsonWriter json(String value) {
    return step(g -> g.writeRawValue(value));
  }

  public JsonWriter json(String name, String value) {
    return name(name).json(value);
  }

  /** The document, UTF-8; nothing can be written afterwards. */
  public byte[] finish() {
    step(JsonGenerator::close);
    return out.toByteArray();
  }
}
