package io.flyball.javaagent;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.IllegalClassFormatException;
import java.security.ProtectionDomain;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.utility.OpenedClassReader;

/**
 * Weaves hooks that only show what a method is called with: a call of the bridge before the first
 * instruction, written here, because a program whose clients are only known shall not pay for Byte
 * Buddy's inliner.
 */
final class ShowingWeaver implements ClassFileTransformer {
  private static final String BRIDGE = "io/flyball/bootstrap/Bridge";
  private static final String ENTER =
      "(Ljava/lang/String;Ljava/lang/Object;[Ljava/lang/Object;)Lio/flyball/bootstrap/Outcome;";
  private static final String CONSTRUCTOR = "<init>";

  private final Collection<ClientInstrumentation> instrumentations;
  private final Predicate<ClassLoader> reachesBridge;
  private final Weaver.Sighting seen;

  /**
   * @param instrumentations all of whose hooks only show
   * @param reachesBridge whether classes of that loader find the bridge; those of others are left
   *     alone
   * @param seen told of the class, woven or not
   */
  ShowingWeaver(
      Collection<ClientInstrumentation> instrumentations,
      Predicate<ClassLoader> reachesBridge,
      Weaver.Sighting seen) {
    this.instrumentations = instrumentations;
    this.reachesBridge = reachesBridge;
    this.seen = seen;
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> redefined,
      ProtectionDomain protectionDomain,
      byte[] bytes) {
    String typeName = className.replace('/', '.');
    byte[] woven = null;
    for (ClientInstrumentation instrumentation : instrumentations) {
      Set<String> methods = new TreeSet<>();
      boolean hooked = false;
      for (Hook hook : instrumentation.hooks()) {
        if (hook.type().equals(typeName)) {
          hooked = true;
          methods.add(hook.method());
        }
      }
      methods.remove("");
      if (hooked) {
        seen.seen(instrumentation, typeName, protectionDomain);
        if (!methods.isEmpty() && reachesBridge.test(loader)) {
          String hook = instrumentation.name() + ':' + typeName;
          woven = weave(woven == null ? bytes : woven, methods, hook);
        }
      }
    }
    return woven;
  }

  /** This, and then that one on what came of it. */
  ClassFileTransformer before(ClassFileTransformer next) {
    return new ClassFileTransformer() {
      @Override
      public byte[] transform(
          ClassLoader loader,
          String className,
          Class<?> redefined,
          ProtectionDomain domain,
          byte[] bytes)
          throws IllegalClassFormatException {
        byte[] shown = ShowingWeaver.this.transform(loader, className, redefined, domain, bytes);
        byte[] woven =
            next.transform(loader, className, redefined, domain, shown == null ? bytes : shown);
        return woven == null ? shown : woven;
      }
    };
  }

  /** Straight code before the first instruction: no frame of the method changes. */
  static byte[] weave(byte[] bytes, Set<String> methods, String hook) {
    ClassReader reader = OpenedClassReader.of(bytes);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new ClassVisitor(OpenedClassReader.ASM_API, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method =
                super.visitMethod(access, name, descriptor, signature, exceptions);
            boolean hasCode = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
            return hasCode && methods.contains(name)
                ? new Showing(method, access, name, descriptor, hook)
                : method;
          }
        },
        0);
    return writer.toByteArray();
  }

  private static final class Showing extends MethodVisitor {
    private final boolean hasObject;
    private final boolean isStatic;
    private final Type[] parameters;
    private final String hook;

    Showing(MethodVisitor method, int access, String name, String descriptor, String hook) {
      super(OpenedClassReader.ASM_API, method);
      this.isStatic = (access & Opcodes.ACC_STATIC) != 0;
      this.hasObject = !isStatic && !name.equals(CONSTRUCTOR);
      this.parameters = Type.getArgumentTypes(descriptor);
      this.hook = hook;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      super.visitLdcInsn(hook);
      if (hasObject) {
        super.visitVarInsn(Opcodes.ALOAD, 0);
      } else {
        super.visitInsn(Opcodes.ACONST_NULL);
      }
      super.visitIntInsn(Opcodes.SIPUSH, parameters.length);
      super.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
      int local = isStatic ? 0 : 1;
      for (int i = 0; i < parameters.length; i++) {
        super.visitInsn(Opcodes.DUP);
        super.visitIntInsn(Opcodes.SIPUSH, i);
        super.visitVarInsn(parameters[i].getOpcode(Opcodes.ILOAD), local);
        box(parameters[i]);
        super.visitInsn(Opcodes.AASTORE);
        local += parameters[i].getSize();
      }
      super.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, "enter", ENTER, false);
      super.visitInsn(Opcodes.POP);
    }

    private void box(Type type) {
      if (type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY) {
        return;
      }
      String wrapper = wrapper(type);
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          wrapper,
          "valueOf",
          '(' + type.getDescriptor() + ")L" + wrapper + ';',
          false);
    }

    private static String wrapper(Type type) {
      switch (type.getSort()) {
        case Type.BOOLEAN:
          return "java/lang/Boolean";
        case Type.CHAR:
          return "java/lang/Character";
        case Type.BYTE:
          return "java/lang/Byte";
        case Type.SHORT:
          return "java/lang/Short";
        case Type.INT:
          return "java/lang/Integer";
        case Type.LONG:
          return "java/lang/Long";
        case Type.FLOAT:
          return "java/lang/Float";
        default:
          return "java/lang/Double";
      }
    }
  }
}
