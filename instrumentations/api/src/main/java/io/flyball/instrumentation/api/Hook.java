package io.flyball.instrumentation.api;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** One method of one class, and the advice that is inlined there. Immutable. */
public final class Hook {
  private final String type;
  private final String method;
  private final List<String> parameterTypes;
  private final String adviceClassName;
  private final boolean replacesRun;
  private final boolean optional;
  private final boolean anyParameters;

  /**
   * @param type binary name of the exact class that declares the method
   * @param method its name; {@code <init>} for constructors
   * @param adviceClassName a class in the agent's loader whose advice methods call only the bridge
   * @param parameterTypes binary names of the erased parameter types
   */
  public Hook(String type, String method, String adviceClassName, String... parameterTypes) {
    this.type = Objects.requireNonNull(type, "type");
    this.method = Objects.requireNonNull(method, "method");
    this.adviceClassName = Objects.requireNonNull(adviceClassName, "adviceClassName");
    this.replacesRun = false;
    this.parameterTypes = Collections.unmodifiableList(Arrays.asList(parameterTypes.clone()));
    this.optional = false;
    this.anyParameters = false;
  }

  private Hook(String type, String method) {
    this.type = Objects.requireNonNull(type, "type");
    this.method = Objects.requireNonNull(method, "method");
    this.adviceClassName = null;
    this.replacesRun = false;
    this.parameterTypes = Collections.emptyList();
    this.optional = true;
    this.anyParameters = true;
  }

  /**
   * No advice: every method of that name, where there is one, first shows the bridge what it is
   * called with, under the name {@code <instrumentation>:<type>}; a constructor without the object,
   * which is none yet. For instrumentations that {@linkplain ClientInstrumentation#governs govern
   * nothing}.
   */
  public static Hook showing(String type, String method) {
    return new Hook(type, method);
  }

  private Hook(Hook hook, boolean replacesRun, boolean optional, boolean anyParameters) {
    this.type = hook.type;
    this.method = hook.method;
    this.adviceClassName = hook.adviceClassName;
    this.replacesRun = replacesRun;
    this.parameterTypes = hook.parameterTypes;
    this.optional = optional;
    this.anyParameters = anyParameters;
  }

  /**
   * Nothing is inlined: where the method calls {@code Runnable.run()}, it calls a public static
   * method of that name that takes the {@link Runnable}, declared by the class that stands for the
   * advice, which is one of the bootstrap package.
   */
  public Hook whereItRuns() {
    return new Hook(this, true, optional, anyParameters);
  }

  /** The same hook for a method that some of the supported versions lack. */
  public Hook whereItExists() {
    return new Hook(this, replacesRun, true, anyParameters);
  }

  /** The same hook for all methods of that name, where their parameters differ by version. */
  public Hook withAnyParameters() {
    return new Hook(this, replacesRun, optional, true);
  }

  public String type() {
    return type;
  }

  public String method() {
    return method;
  }

  /** Null where there is none, see {@link #showing}. */
  public String adviceClassName() {
    return adviceClassName;
  }

  /** Whether it is for all methods of that name. */
  public boolean hasAnyParameters() {
    return anyParameters;
  }

  public List<String> parameterTypes() {
    return parameterTypes;
  }

  /** Whether calls of {@code Runnable.run()} are replaced. */
  public boolean replacesRun() {
    return replacesRun;
  }

  /** Whether it is nothing to tell the user when the class has no such method. */
  public boolean isOptional() {
    return optional;
  }
}
