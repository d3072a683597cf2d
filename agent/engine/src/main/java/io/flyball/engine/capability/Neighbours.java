package io.flyball.engine.capability;

import java.util.function.Consumer;

/** The other JVMs that share something with this one, if any. Thread safe; never blocks. */
public interface Neighbours {
  /** There are none. */
  Neighbours NONE =
      new Neighbours() {
        @Override
        public void warn(String service, long millis) {}

        @Override
        public void whenWarned(Consumer<String> listener) {}
      };

  /**
   * Lets them know that a service fails. It is written down elsewhere: a name that is not shown as
   * it is is not to be told.
   *
   * @param service {@link io.flyball.engine.call.Service#key()}
   * @param millis how long that is worth knowing; positive
   */
  void warn(String service, long millis);

  /**
   * Hears of theirs, on a thread of the fleet's.
   *
   * @param listener takes the key of a service; must not block
   */
  void whenWarned(Consumer<String> listener);
}
