package io.flyball.engine;

import io.flyball.engine.time.Aside;
import io.flyball.engine.time.StackRoom;
import io.flyball.wire.Caller;
import io.flyball.wire.GovernedCall;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What becomes of calls of threads that have next to no stack left: deep in a recursion, or made
 * with little. Without us they may well succeed.
 */
final class LittleStack {
  private static final String UNSEEN =
      "a model call of a thread with next to no stack left: it goes its way, neither governed nor"
          + " recorded (told once)";

  private final Consumer<String> notices;
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicBoolean prepared = new AtomicBoolean();

  LittleStack(Consumer<String> notices) {
    this.notices = notices;
  }

  /** Whether a call of this thread can be governed on it. One that cannot is told of. */
  boolean isEnough() {
    if (StackRoom.isEnough()) {
      return true;
    }
    tell();
    return false;
  }

  /** Says that a call goes its way. */
  void tell() {
    if (told.compareAndSet(false, true)) {
      Aside.execute(() -> notices.accept(UNSEEN));
    }
  }

  /**
   * Opens a call on a thread of ours.
   *
   * @param given who makes it; null when that is yet to be asked, of this thread
   * @param caller asks that
   * @param open opens it for that caller, who may be null: not known
   * @return null when it is no model call
   */
  GovernedCall open(
      Caller given, Supplier<? extends Caller> caller, Function<Caller, GovernedCall> open) {
    Caller who = given == null ? ask(caller) : given;
    return Aside.inPlaceOfThisThread(
        () -> {
          GovernedCall call = open.apply(who);
          return call == null ? null : new AsideCall(call);
        });
  }

  /** Asked elsewhere first: a class that is first used here could never be used again. */
  private Caller ask(Supplier<? extends Caller> caller) {
    try {
      if (!prepared.get()) {
        Aside.inPlaceOfThisThread(caller::get);
        prepared.set(true);
      }
      return caller.get();
    } catch (StackOverflowError tooDeep) {
      return null;
    }
  }
}
