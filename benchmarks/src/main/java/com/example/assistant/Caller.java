package com.example.assistant;

import java.util.function.LongSupplier;

/** Makes calls as an application does: from deep inside, and from a method of its own. */
public final class Caller {
  private static final int FRAMES = 100;

  private Caller() {}

  /** Does the work under a hundred frames. */
  public static void run(Runnable work) {
    under(FRAMES, work);
  }

  private static void under(int frames, Runnable work) {
    if (frames == 0) {
      work.run();
    } else {
      under(frames - 1, work);
    }
  }

  /** Where a call is made. */
  public static long ask(LongSupplier library) {
    return library.getAsLong();
  }
}
