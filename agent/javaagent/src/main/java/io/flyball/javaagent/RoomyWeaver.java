package io.flyball.javaagent;

import io.flyball.engine.time.Aside;
import io.flyball.engine.time.StackRoom;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.IllegalClassFormatException;
import java.security.ProtectionDomain;
import java.util.concurrent.TimeUnit;

/**
 * Weaves on the thread that defines the class, which may hold the locks of its loader; where that
 * has little stack left, on one of ours. One that gave up in the middle would leave classes of the
 * weaver that can never be used again.
 */
final class RoomyWeaver implements ClassFileTransformer {
  /**
   * Weaving takes less than a second, unless a loader wants the very lock that the defining thread
   * holds.
   */
  private static final long LONGEST_WAIT_SECONDS = 5;

  private final ClassFileTransformer weaver;

  RoomyWeaver(ClassFileTransformer weaver) {
    this.weaver = weaver;
  }

  /**
   * @throws java.util.concurrent.RejectedExecutionException when it has to be woven later
   */
  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] bytes)
      throws IllegalClassFormatException {
    if (StackRoom.isEnough()) {
      return weaver.transform(loader, className, redefined, domain, bytes);
    }
    return Aside.call(
        () -> weaver.transform(loader, className, redefined, domain, bytes),
        LONGEST_WAIT_SECONDS,
        TimeUnit.SECONDS);
  }
}
