package io.flyball.engine.attribute;

import io.flyball.engine.wire.WireRequest;

/** One place to look for one part of an attribution. */
interface Source {

  /** The value, or null when this source has none. On the thread that makes the call. */
  String value(WireRequest request, CallSite callSite);
}
