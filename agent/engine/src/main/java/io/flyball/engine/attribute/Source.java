package io.flyball.engine.attribute;

import io.flyball.engine.wire.WireRequest;

/** One place to look for one part of an attribution. */
interface Source {

  /** The value, or null when this source has none. */
  String value(WireRequest request, Origin origin);
}
