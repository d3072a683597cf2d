package io.flyball.engine.budget;

import io.flyball.engine.log.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Accounts in a file that is mapped into memory: writing one costs no more than writing memory, and
 * what was written is there after the JVM was killed. What was reserved then counts as spent,
 * because nobody knows what became of it. Of several JVMs with the same folder each has a file of
 * its own.
 *
 * <p>The file is a header and slots of equal size, see {@link AccountSlot}. Slots whose window is
 * over are used again. What cannot be read any more has used its budget up: where it is known whose
 * it was, that account; else each that the file does not know, in the window in which that was
 * found.
 */
public final class MappedAccounts implements AccountStore, Closeable {
  private static final byte[] MAGIC = "FLYBALL ACCOUNTS 3\n".getBytes(StandardCharsets.US_ASCII);

  /** Without checks. */
  private static final byte[] OLD_MAGIC =
      "FLYBALL ACCOUNTS 2\n".getBytes(StandardCharsets.US_ASCII);

  /** So much of it both versions begin with. */
  private static final int NAMED = "FLYBALL ACCOUNTS ".length();

  private static final String NAME = "budgets";
  private static final int MOST_FILES = 64;

  /** In the first slot, behind the mark. */
  private static final int OWNER = 64;

  /** How many slots were ever used, and the same inverted. */
  private static final int MADE = 80;

  /** When it was last found that accounts are lost; milliseconds since the epoch, 0 for never. */
  private static final int LOST_AT = 96;

  private static final int SLOTS_PER_CHUNK = 4096;
  private static final int CHUNK = AccountSlot.SIZE * SLOTS_PER_CHUNK;

  /** So long nobody tries to make the file larger when the disk was full. */
  private static final long FULL_NANOS = 10_000_000_000L;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private final Consumer<String> warnings;
  private final List<MappedByteBuffer> chunks = new ArrayList<>();
  private final Map<String, Integer> slots = new HashMap<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int inFlight;
  private int next = 1;
  private boolean full;
  private long fullAt;

  private MappedAccounts(
      Path file, FileChannel channel, FileLock lock, Consumer<String> warnings, long epochMillis)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.warnings = warnings;
    load(epochMillis);
  }

  /**
   * Opens the first file in the folder that no other JVM holds.
   *
   * @param epochMillis now: what was for an earlier window is dropped
   * @throws IOException when there is none, or it is not one of ours; the message names it
   */
  public static MappedAccounts in(Path folder, long epochMillis) throws IOException {
    return in(folder, epochMillis, warning -> {});
  }

  /**
   * The same, telling what users should know.
   *
   * @param warnings sentences; also later, on a thread of a call: must not block
   */
  public static MappedAccounts in(Path folder, long epochMillis, Consumer<String> warnings)
      throws IOException {
    Files.createDirectories(folder);
    for (int i = 1; i <= MOST_FILES; i++) {
      Path file = folder.resolve(i == 1 ? NAME + ".dat" : NAME + '-' + i + ".dat");
      PrivateFiles.createIfAbsent(file);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        FileLock lock = tryLock(channel);
        if (lock != null) {
          return new MappedAccounts(file, channel, lock, warnings, epochMillis);
        }
      } catch (IOException | RuntimeException failure) {
        channel.close();
        throw failure;
      }
      channel.close();
    }
    throw new IOException(folder + ": too many JVMs keep their budgets here");
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisJvm) {
      return null;
    }
  }

  private void load(long epochMillis) throws IOException {
    long size = channel.size();
    if (size == 0) {
      make();
      return;
    }
    for (long at = 0; at + CHUNK <= size; at += CHUNK) {
      chunks.add(channel.map(FileChannel.MapMode.READ_WRITE, at, CHUNK));
    }
    if (size <= CHUNK && isEmpty(size)) {
      warnings.accept(file + " was only half made, as on a full disk, and is made anew");
      chunks.clear();
      make();
      return;
    }
    int made = 0;
    if (chunks.isEmpty() && begins(OLD_MAGIC, NAMED)) {
      // Of the first accounts nothing whole is there.
      grow();
    } else if (!chunks.isEmpty() && begins(OLD_MAGIC, OLD_MAGIC.length)) {
      made = upgrade();
    } else if (!chunks.isEmpty() && begins(MAGIC, MAGIC.length)) {
      made = made();
    } else if (!knowsAccounts()) {
      throw new IOException(file + ": is not a file of Flyball's budgets");
    }
    int lost = read(made, epochMillis);
    if (lost > 0 || made == 0) {
      chunks.get(0).putLong(LOST_AT, epochMillis);
      warnings.accept(
          file
              + " is damaged, and it is not known whose accounts are lost: accounts that it does not"
              + " know have used up their hard budgets until their windows end or they are reset;"
              + " without the file all begin anew");
    }
    putMagic();
    putMade();
  }

  private void make() throws IOException {
    try {
      grow();
    } catch (IOException full) {
      channel.truncate(0);
      throw full;
    }
    putMade();
    putMagic();
  }

  private boolean isEmpty(long size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    int read = 0;
    while (read >= 0 && bytes.hasRemaining()) {
      read = channel.read(bytes, bytes.position());
    }
    for (int i = 0; i < bytes.position(); i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private void putMagic() {
    for (int i = 0; i < MAGIC.length; i++) {
      chunks.get(0).put(i, MAGIC[i]);
    }
  }

  private void putMade() {
    chunks.get(0).putLong(MADE, next);
    chunks.get(0).putLong(MADE + Long.BYTES, ~(long) next);
  }

  /** How many slots were ever used; 0 when that cannot be read. */
  private int made() {
    long made = chunks.get(0).getLong(MADE);
    long again = ~chunks.get(0).getLong(MADE + Long.BYTES);
    // A JVM may have been killed between the two.
    return made > 0 && made < Integer.MAX_VALUE && Math.abs(made - again) <= 1
        ? (int) Math.max(made, again)
        : 0;
  }

  private boolean begins(byte[] magic, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    channel.read(bytes, 0);
    return Arrays.equals(bytes.array(), Arrays.copyOf(magic, length));
  }

  /** Whether there is an account in it, whatever the header says. */
  private boolean knowsAccounts() {
    for (int i = 1; i < capacity(); i++) {
      AccountSlot slot = slot(i);
      if (slot.key() != null && slot.isSound()) {
        return true;
      }
    }
    return false;
  }

  /** Of the version before. Whoever is killed in it begins again. */
  private int upgrade() {
    int made = 1;
    while (made < capacity() && !slot(made).isUnused()) {
      slot(made).upgrade();
      made++;
    }
    chunks.get(0).putLong(LOST_AT, 0);
    return made;
  }

  /**
   * Reads the slots.
   *
   * @param made how many were ever used; 0 when nobody knows
   * @return how many of them cannot be read
   */
  private int read(int made, long epochMillis) {
    int lost = Math.max(0, made - capacity());
    int damaged = 0;
    next = made == 0 ? capacity() : Math.min(made, capacity());
    for (int i = 1; i < next; i++) {
      AccountSlot slot = slot(i);
      String key = slot.key();
      if (key == null) {
        lost += slot.isFree() || made == 0 && slot.isUnused() ? 0 : 1;
        slot.free();
        free.add(i);
      } else if (!slot.isSound()) {
        damaged++;
        slots.put(key, i);
        slot.lose(epochMillis);
      } else if (slot.end() <= epochMillis) {
        slot.free();
        free.add(i);
      } else {
        slots.put(key, i);
        settleLost(slot);
      }
    }
    if (damaged > 0) {
      warnings.accept(
          file
              + " is damaged: "
              + damaged
              + " accounts have used up their hard budgets until their windows end or they are reset");
    }
    return lost;
  }

  private void settleLost(AccountSlot slot) {
    long reserved = slot.reserved();
    inFlight += reserved > 0 ? 1 : 0;
    slot.write(Amounts.plus(slot.used(), reserved), 0);
  }

  /** Real blocks, so that a full disk is noticed here and not when memory is written. */
  private void grow() throws IOException {
    long size = (long) chunks.size() * CHUNK;
    ByteBuffer zeros = ByteBuffer.allocate(CHUNK);
    while (zeros.hasRemaining()) {
      channel.write(zeros, size + zeros.position());
    }
    chunks.add(channel.map(FileChannel.MapMode.READ_WRITE, size, CHUNK));
  }

  private int capacity() {
    return chunks.size() * SLOTS_PER_CHUNK;
  }

  /** Where the accounts are. */
  public Path file() {
    return file;
  }

  /** Kept in the file: who goes on with its accounts is the same. */
  @Override
  public synchronized String owner() {
    MappedByteBuffer first = chunks.get(0);
    if (first.getLong(OWNER) == 0) {
      UUID made = UUID.randomUUID();
      first.putLong(OWNER, made.getMostSignificantBits());
      first.putLong(OWNER + Long.BYTES, made.getLeastSignificantBits());
    }
    return new UUID(first.getLong(OWNER), first.getLong(OWNER + Long.BYTES)).toString();
  }

  /** In how many accounts something was reserved when the JVM before this one was killed. */
  public int accountsInFlight() {
    return inFlight;
  }

  @Override
  public synchronized Slot open(String key) {
    String kept = AccountSlot.shortened(key);
    Integer known = slots.get(kept);
    if (known != null) {
      return new MappedSlot(known, kept);
    }
    if (free.isEmpty() && next == capacity() && !hasGrown()) {
      // This account does not outlive the JVM; those that are there do.
      return MEMORY.open(key);
    }
    boolean another = free.isEmpty();
    int index = another ? next++ : free.poll();
    slots.put(kept, index);
    AccountSlot slot = slot(index);
    slot.open(kept);
    long lostAt = chunks.get(0).getLong(LOST_AT);
    if (lostAt != 0) {
      slot.lose(lostAt);
    }
    if (another) {
      putMade();
    }
    return new MappedSlot(index, kept);
  }

  private boolean hasGrown() {
    if (full && System.nanoTime() - fullAt < FULL_NANOS) {
      return false;
    }
    try {
      grow();
      full = false;
      return true;
    } catch (IOException failure) {
      fullAt = System.nanoTime();
      if (!full) {
        full = true;
        warnings.accept(
            file
                + " cannot be made larger, further accounts are forgotten when the JVM ends: "
                + failure);
      }
      return false;
    }
  }

  private synchronized void forget(int index, String kept) {
    slots.remove(kept);
    slot(index).free();
    free.add(index);
  }

  private AccountSlot slot(int index) {
    return new AccountSlot(
        chunks.get(index / SLOTS_PER_CHUNK), index % SLOTS_PER_CHUNK * AccountSlot.SIZE);
  }

  /** Lets another JVM have the file. */
  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  private final class MappedSlot implements Slot {
    private final AccountSlot slot;
    private final int index;
    private final String kept;

    MappedSlot(int index, String kept) {
      this.slot = slot(index);
      this.index = index;
      this.kept = kept;
    }

    @Override
    public long windowStart() {
      return slot.start();
    }

    @Override
    public long used() {
      return slot.used();
    }

    @Override
    public long previousStart() {
      return slot.previousStart();
    }

    @Override
    public long previousUsed() {
      return slot.previousUsed();
    }

    @Override
    public void begin(long start, long end) {
      slot.begin(start, end);
    }

    @Override
    public void move(long start, long end) {
      slot.move(start, end);
    }

    @Override
    public void write(long used, long reserved) {
      slot.write(used, reserved);
    }

    @Override
    public void free() {
      forget(index, kept);
    }
  }
}
