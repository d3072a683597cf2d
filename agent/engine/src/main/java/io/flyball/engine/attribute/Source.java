package io.flyball.engine.attribute;

/** One place to look for one part of an attribution. */
interface Source {

  /** The value, or null when this source has none. */
  String value(Inquiry call);
}
