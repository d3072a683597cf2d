package io.flyball.javaagent;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.InstrumentedType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * Inlines the instrumentations' advice into the methods they name. Adds no field, method or
 * interface, so that classes that are loaded already can be woven too. Nothing of the application
 * is loaded by it: types are read from their bytes.
 */
final class Weaver implements ClassFileTransformer {
  private final Collection<ClientInstrumentation> instrumentations;
  private final ClassLoader agentLoader;
  private final Consumer<String> log;
  private final Predicate<ClassLoader> reachesBridge;
  private final Consumer<ClientInstrumentation> found;
  private final Sighting seen;

  /**
   * @param reachesBridge whether classes of that loader find the bridge; those of others are left
   *     alone
   * @param found told of an instrumentation that a class has just been woven for
   * @param seen told of the class
   * @param log told, in one line, of a library that is there but does not fit
   */
  Weaver(
      Collection<ClientInstrumentation> instrumentations,
      ClassLoader agentLoader,
      Predicate<ClassLoader> reachesBridge,
      Consumer<ClientInstrumentation> found,
      Sighting seen,
      Consumer<String> log) {
    this.instrumentations = instrumentations;
    this.agentLoader = agentLoader;
    this.reachesBridge = reachesBridge;
    this.found = found;
    this.seen = seen;
    this.log = log;
  }

  /** Hears of hooked classes. */
  interface Sighting {

    /**
     * @param domain of the class; null when it has none
     */
    void seen(ClientInstrumentation instrumentation, String typeName, ProtectionDomain domain);
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> redefined,
      ProtectionDomain protectionDomain,
      byte[] bytes) {
    String typeName = className.replace('/', '.');
    byte[] woven = bytes;
    for (ClientInstrumentation instrumentation : instrumentations) {
      if (hooks(instrumentation, typeName)) {
        byte[] before = woven;
        woven = weave(instrumentation, typeName, loader, before);
        if (woven != before) {
          seen.seen(instrumentation, typeName, protectionDomain);
          found.accept(instrumentation);
        }
      }
    }
    return woven == bytes ? null : woven;
  }

  private static boolean hooks(ClientInstrumentation instrumentation, String typeName) {
    for (Hook hook : instrumentation.hooks()) {
      if (hook.type().equals(typeName)) {
        return true;
      }
    }
    return false;
  }

  private byte[] weave(
      ClientInstrumentation instrumentation, String typeName, ClassLoader loader, byte[] bytes) {
    ClassFileLocator libraryClasses =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(typeName, bytes),
            loader == null
                ? ClassFileLocator.ForClassLoader.ofPlatformLoader()
                : ClassFileLocator.ForClassLoader.of(loader));
    TypePool libraryTypes = pool(libraryClasses);
    Consumer<String> tell = isThere(instrumentation, libraryTypes) ? log : unsaid -> {};
    Witness missing = missingWitness(instrumentation, libraryTypes);
    if (missing != null) {
      tell.accept(
          instrumentation.name()
              + " is off for "
              + loader
              + ": this version of the library has no "
              + missing.type()
              + (missing.method() == null ? "" : '.' + missing.method()));
      return bytes;
    }
    if (!reachesBridge.test(loader)) {
      tell.accept(
          instrumentation.name()
              + " is off for "
              + loader
              + ": that class loader does not find io.flyball.bootstrap");
      return bytes;
    }
    TypeDescription type = libraryTypes.describe(typeName).resolve();
    ClassFileLocator adviceClasses = ClassFileLocator.ForClassLoader.of(agentLoader);
    TypePool adviceTypes = pool(adviceClasses);
    DynamicType.Builder<?> builder = inliner(type, libraryClasses);
    boolean any = false;
    for (Hook hook : instrumentation.hooks()) {
      if (!hook.type().equals(typeName)) {
        continue;
      }
      if (!hook.method().equals(MethodDescription.TYPE_INITIALIZER_INTERNAL_NAME)
          && type.getDeclaredMethods().filter(new Hooked(hook)).isEmpty()) {
        if (!hook.isOptional()) {
          tell.accept(instrumentation.name() + ": no method " + hook.method() + " in " + typeName);
        }
        continue;
      }
      any = true;
      builder =
          builder.visit(
              hook.replacesRun()
                  ? replacedRun(hook)
                  : Advice.to(adviceTypes.describe(hook.adviceClassName()).resolve(), adviceClasses)
                      .on(new Hooked(hook)));
    }
    return any ? builder.make(libraryTypes).getBytes() : bytes;
  }

  private AsmVisitorWrapper replacedRun(Hook hook) {
    try {
      return MemberSubstitution.relaxed()
          .method(ElementMatchers.named("run").and(ElementMatchers.isDeclaredBy(Runnable.class)))
          .replaceWith(
              Class.forName(hook.adviceClassName(), false, agentLoader)
                  .getMethod("run", Runnable.class))
          .on(new Hooked(hook));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(hook.adviceClassName(), e);
    }
  }

  /** Changes code inside methods of that type and nothing else. */
  static DynamicType.Builder<?> inliner(TypeDescription type, ClassFileLocator classes) {
    return new ByteBuddy()
        .with(TypeValidation.DISABLED)
        .with(MethodGraph.Compiler.ForDeclaredMethods.INSTANCE)
        .with(InstrumentedType.Factory.Default.FROZEN)
        .with(Implementation.Context.Disabled.Factory.INSTANCE)
        .decorate(type, classes);
  }

  static TypePool pool(ClassFileLocator classes) {
    return new TypePool.Default.WithLazyResolution(
        new TypePool.CacheProvider.Simple(), classes, TypePool.Default.ReaderMode.FAST);
  }

  private static boolean isThere(ClientInstrumentation instrumentation, TypePool types) {
    String type = instrumentation.libraryType();
    return type == null || types.describe(type).isResolved();
  }

  private static Witness missingWitness(ClientInstrumentation instrumentation, TypePool types) {
    for (Witness witness : instrumentation.witnesses()) {
      TypePool.Resolution resolution = types.describe(witness.type());
      if (!resolution.isResolved()
          || witness.method() != null && !declares(resolution.resolve(), witness.method())) {
        return witness;
      }
    }
    return null;
  }

  private static boolean declares(TypeDescription type, String method) {
    for (MethodDescription declared : type.getDeclaredMethods()) {
      if (declared.getName().equals(method)) {
        return true;
      }
    }
    return false;
  }

  /** The one method that a hook names. */
  private static final class Hooked
      extends ElementMatcher.Junction.ForNonNullValues<MethodDescription> {
    private final Hook hook;

    Hooked(Hook hook) {
      this.hook = hook;
    }

    @Override
    protected boolean doMatch(MethodDescription method) {
      if (!method.getInternalName().equals(hook.method())) {
        return false;
      }
      if (hook.hasAnyParameters()) {
        return true;
      }
      List<? extends TypeDescription> parameters = method.getParameters().asTypeList().asErasures();
      List<String> wanted = hook.parameterTypes();
      if (parameters.size() != wanted.size()) {
        return false;
      }
      for (int i = 0; i < wanted.size(); i++) {
        if (!parameters.get(i).getName().equals(wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
