package io.flyball.wire;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The account of what Flyball holds of requests and answers: there is one heap, and it is the
 * application's. What does not fit is not held: a request goes its way as the application gave it,
 * an answer is handed on as it comes. Thread safe, never blocks.
 *
 * <p>What is held is given back by whoever holds it, and in any case once nobody can reach the
 * {@link Hold} any more, so that nothing that went wrong elsewhere fills the account for good.
 */
public final class HeldBytes {
  private static final long TELL_EVERY_NANOS = 60_000_000_000L;
  private static final int DEFAULT_PART_OF_HEAP = 10;
  private static final long BYTES_PER_KB = 1 << 10;
  private static final long BYTES_PER_MB = 1 << 20;
  private static final HeldBytes OF_THIS_JVM =
      new HeldBytes(Runtime.getRuntime().maxMemory() / DEFAULT_PART_OF_HEAP, System::nanoTime);

  private final LongSupplier nanoTime;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong toldAt = new AtomicLong(Long.MIN_VALUE);
  private final Set<Part> parts = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Hold> gone = new ReferenceQueue<>();
  private volatile long most;
  private volatile Consumer<String> notices = line -> {};

  /**
   * @param most bytes held at once
   */
  HeldBytes(long most, LongSupplier nanoTime) {
    this.most = most;
    this.nanoTime = nanoTime;
  }

  /** The account of this JVM; at first it has room for a tenth of the largest heap. */
  public static HeldBytes ofThisJvm() {
    return OF_THIS_JVM;
  }

  /**
   * Changes how much is held at most, from now on: what is held already stays.
   *
   * @param bytes zero or more
   */
  public void limitTo(long bytes) {
    most = bytes;
  }

  /**
   * @param lines takes a line for the user, at most one in a minute
   */
  public void tellTo(Consumer<String> lines) {
    notices = lines;
  }

  /** Bytes held at most. */
  public long most() {
    return most;
  }

  /** Bytes held now. */
  public long held() {
    giveBackTheLost();
    return held.get();
  }

  /** How many requests and answers were not held, because there was no room. */
  public long passed() {
    return passed.get();
  }

  /** Whether so much could be held now; for copies that can be done without. */
  public boolean hasRoomFor(long bytes) {
    giveBackTheLost();
    return held.get() + bytes <= most;
  }

  /** Nothing, which can grow. */
  public Hold hold() {
    return new Hold(this);
  }

  /** A request or an answer goes its way without being held; told at most once in a minute. */
  public void letPass() {
    long count = passed.incrementAndGet();
    long now = nanoTime.getAsLong();
    long last = toldAt.get();
    boolean due = last == Long.MIN_VALUE || now - last >= TELL_EVERY_NANOS;
    if (due && toldAt.compareAndSet(last, now)) {
      notices.accept(
          "memory: "
              + inWords(held.get())
              + " of "
              + inWords(most)
              + " (flyball.memory.max-held) are held; so far "
              + count
              + " requests and answers that did not fit went their way untouched");
    }
  }

  private static String inWords(long bytes) {
    return bytes >= BYTES_PER_MB
        ? bytes / BYTES_PER_MB + " MB"
        : bytes >= BYTES_PER_KB ? bytes / BYTES_PER_KB + " KB" : bytes + " bytes";
  }

  private void giveBackTheLost() {
    for (Reference<?> lost = gone.poll(); lost != null; lost = gone.poll()) {
      ((Part) lost).empty();
    }
  }

  /** Bytes that one owner holds, until they are given back. Thread safe. */
  public static final class Hold {
    private final HeldBytes account;
    private volatile Part part;

    private Hold(HeldBytes account) {
      this.account = account;
    }

    /**
     * Takes room for more.
     *
     * @return false when there is none; then nothing has changed
     */
    public boolean grow(long bytes) {
      account.giveBackTheLost();
      long before = account.held.getAndAdd(bytes);
      if (before + bytes > account.most) {
        account.held.addAndGet(-bytes);
        return false;
      }
      add(bytes);
      return true;
    }

    /** Takes room for more whether there is any or not: for what must not go unread. */
    public void growAnyway(long bytes) {
      account.held.addAndGet(bytes);
      add(bytes);
    }

    /** The bytes are in the account already: they must leave it when this fails. */
    private void add(long bytes) {
      try {
        Part mine = part;
        if (mine == null) {
          mine = new Part(this);
          account.parts.add(mine);
          part = mine;
        }
        mine.bytes.addAndGet(bytes);
      } catch (Throwable failure) {
        account.held.addAndGet(-bytes);
        throw failure;
      }
    }

    /** Gives so many back. */
    public void shrink(long bytes) {
      Part mine = part;
      if (mine != null) {
        mine.shrink(bytes);
      }
    }

    /** Gives all back; it may grow again. */
    public void release() {
      Part mine = part;
      if (mine != null) {
        part = null;
        mine.empty();
      }
    }
  }

  /** What outlives a {@link Hold} that was lost. */
  private static final class Part extends PhantomReference<Hold> {
    private final HeldBytes account;
    private final AtomicLong bytes = new AtomicLong();

    Part(Hold hold) {
      super(hold, hold.account.gone);
      this.account = hold.account;
    }

    void shrink(long fewer) {
      long before = bytes.getAndUpdate(now -> Math.max(0, now - fewer));
      account.held.addAndGet(-Math.min(before, fewer));
    }

    void empty() {
      clear();
      account.parts.remove(this);
      account.held.addAndGet(-bytes.getAndSet(0));
    }
  }
}
