package io.flyball.protocol.json;

/** The kinds of JSON values (RFC 8259, section 3). */
public enum JsonKind {
  OBJECT,
  ARRAY,
  STRING,
  NUMBER,
  BOOLEAN,
  NULL
}
