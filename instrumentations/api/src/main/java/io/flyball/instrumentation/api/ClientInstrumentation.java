package io.flyball.instrumentation.api;

import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * What Flyball hooks in one client library: an HTTP client, or an SDK above one. Found with {@link
 * java.util.ServiceLoader} in the agent's loader; loaded when a class it names is first defined, so
 * it must not refer to the library's types (the {@link Plugin} does).
 */
public interface ClientInstrumentation {

  /**
   * The folder's name, for example {@code okhttp-3}; {@code flyball.instrumentation.<name>.enabled}
   * switches it.
   */
  String name();

  /** The methods to weave. */
  List<Hook> hooks();

  /**
   * Names of instrumentations without which this one has nothing to do: it costs nothing until one
   * of them has been woven; then its own hooks are, also in classes that are loaded already. Empty
   * for one that stands for itself.
   */
  default Set<String> follows() {
    return Collections.emptySet();
  }

  /**
   * Whether applications load it a good while before they make their first call with it; where not,
   * nothing can be made ready for that call meanwhile.
   */
  default boolean isLoadedBeforeItsFirstCall() {
    return true;
  }

  /**
   * Whether those that follow this one begin as soon as it is woven; false when it is told later
   * that they have something to do.
   */
  default boolean leadsWhenWoven() {
    return true;
  }

  /**
   * SDKs whose own retries end where Flyball has given a call up, once this has been woven: {@code
   * langchain4j}, {@code openai-java}, as the engine knows them. They get the true status or
   * exception of a failure, which they would else take as a reason to ask again.
   */
  default Set<String> endsRetriesOf() {
    return Collections.emptySet();
  }

  /** What must be there in the library for the plugin to work; checked before weaving. */
  List<Witness> witnesses();

  /**
   * Name of a class that is there wherever the library is, for an instrumentation that also hooks
   * classes of others: where that class is not, there is nothing to tell the user. Null when every
   * hooked class is the library's own.
   */
  default String libraryType() {
    return null;
  }

  /**
   * The HTTP client library that a hooked class shows to be there, as its makers call it; null when
   * it tells of none.
   */
  default String clientOf(String hookedType) {
    return null;
  }

  /**
   * Whether calls are governed, or anything else is done, through what is hooked. False for clients
   * that are only known: then the hooked class alone tells that they are there, its hooks only
   * {@linkplain Hook#showing show}, and neither starts the engine.
   */
  default boolean governs() {
    return true;
  }

  /**
   * Class name of the {@link Plugin}, with a public constructor that takes a {@link
   * io.flyball.wire.Gateway}. All classes in its package and below are defined once per application
   * loader, next to the library.
   */
  String pluginClassName();
}
