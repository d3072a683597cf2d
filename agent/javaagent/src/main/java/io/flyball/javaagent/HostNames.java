package io.flyball.javaagent;

import java.util.function.UnaryOperator;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;

/**
 * Makes our telemetry classes speak of the OpenTelemetry API by the names that it has inside the
 * OpenTelemetry Java agent (as of 2.33), where we run as its extension. The host does the same for
 * the classes it loads itself.
 */
public final class HostNames implements UnaryOperator<byte[]> {
  private static final String SHADED = "io/opentelemetry/javaagent/shaded/";
  private static final String[] PACKAGES = {
    "io/opentelemetry/api/", "io/opentelemetry/context/", "io/opentelemetry/common/"
  };

  @Override
  public byte[] apply(byte[] classFile) {
    ClassWriter renamed = new ClassWriter(0);
    new ClassReader(classFile).accept(new ClassRemapper(renamed, new HostRemapper()), 0);
    return renamed.toByteArray();
  }

  private static final class HostRemapper extends Remapper {
    HostRemapper() {
      super(net.bytebuddy.utility.OpenedClassReader.ASM_API);
    }

    @Override
    public String map(String internalName) {
      for (String prefix : PACKAGES) {
        if (internalName.startsWith(prefix)) {
          return SHADED + internalName;
        }
      }
      return internalName;
    }
  }
}
