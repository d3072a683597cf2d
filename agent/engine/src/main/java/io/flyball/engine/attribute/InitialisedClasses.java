package io.flyball.engine.attribute;

/** Knows the classes that the application uses already. Thread safe. */
public interface InitialisedClasses {

  /** Knows none. */
  InitialisedClasses NONE = (loader, name) -> null;

  /**
   * The class of that name as classes of that loader see it, or null unless it is loaded and its
   * static initialiser has ended well. Never loads or initialises a class and runs no code of the
   * application.
   *
   * @param name binary name
   */
  Class<?> find(ClassLoader loader, String name);
}
