package io.flyball.engine.budget;

import io.flyball.base.log.PrivateFiles;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

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

  /** The same inverted, unless it is 0; far from it, so that what damages both damages more. */
  private static final int LOST_AT_CHECK = 24;

  /** Says that no slot marks with 0 what is being written; 0 in files of versions before. */
  private static final int MARKS = 32;

  private static final long NOT_ZERO = 0x4d41524b45440001L;

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

  /** What accounts have spent in windows that the clock was set back from. */
  private final Map<String, List<Integer>> later = new HashMap<>();

  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final Unopened unopened = new Unopened();
  private int inFlight;
  private int next = 1;
  private boolean full;
  private long fullAt;

  /** Another JVM may have the file: nothing more is written to it. */
  private volatile boolean closed;

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
   * @throws IOException when there is none, or it cannot be used; the message names it
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
    PrivateFiles.createFolders(folder);
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
    if (size < CHUNK && isHalfMade(size)) {
      warnings.accept(file + " was only half made, as on a full disk, and is made anew");
      chunks.clear();
      make();
      return;
    }
    int made = 0;
    if (chunks.isEmpty() && begins(OLD_MAGIC, NAMED)) {
      // Of the first accounts nothing whole is there.
      grow();
    } else if (!chunks.isEmpty() && begins(OLD_MAGIC, OLD_MAGIC.length) && !hasMade()) {
      made = upgrade();
    } else if (!chunks.isEmpty() && begins(MAGIC, MAGIC.length)) {
      made = made();
    } else if (!knowsAccounts()) {
      // It may have been ours: who damages a file does not open the budgets.
      Path aside = Files.copy(file, aside(), StandardCopyOption.COPY_ATTRIBUTES);
      warnings.accept(file + " is no file of budgets that can be read; it was copied to " + aside);
      if (chunks.isEmpty()) {
        grow();
      }
    }
    boolean lost = made == 0 || !isLostAtSound();
    if (lost) {
      putLostAt(epochMillis);
    }
    lost |= read(made, epochMillis) > 0;
    if (lost) {
      warnings.accept(
          file
              + " is damaged, and it is not known whose accounts are lost: accounts that it does"
              + " not know have used up their hard budgets until their windows end or they are"
              + " reset; without the file all begin anew");
    }
    chunks.get(0).putLong(MARKS, NOT_ZERO);
    putMagic();
    putMade();
  }

  private Path aside() {
    Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
    for (int i = 2; Files.exists(aside); i++) {
      aside = file.resolveSibling(file.getFileName() + ".unreadable-" + i);
    }
    return aside;
  }

  private void make() throws IOException {
    try {
      // The header at once: a file of that length in which nothing stands has lost what stood
      // there.
      grow(blank());
    } catch (IOException full) {
      channel.truncate(0);
      throw full;
    }
  }

  /** The first chunk of a file without accounts. */
  private static ByteBuffer blank() {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    bytes.put(MAGIC).rewind();
    bytes.putLong(MARKS, NOT_ZERO).putLong(MADE, 1).putLong(MADE + Long.BYTES, ~1L);
    return bytes;
  }

  /** Whether it is the beginning of such a chunk, or nothing but zeros. */
  private boolean isHalfMade(long size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    int read = 0;
    while (read >= 0 && bytes.hasRemaining()) {
      read = channel.read(bytes, bytes.position());
    }
    byte[] found = Arrays.copyOf(bytes.array(), bytes.position());
    boolean saysHowMany = found.length >= LOST_AT;
    return Arrays.equals(found, new byte[found.length])
        || (saysHowMany && Arrays.equals(found, Arrays.copyOf(blank().array(), found.length)));
  }

  private void putMagic() {
    for (int i = 0; i < MAGIC.length; i++) {
      chunks.get(0).put(i, MAGIC[i]);
    }
  }

  /** Accounts are lost from now on; before anything else is made of what was found. */
  private void putLostAt(long epochMillis) {
    chunks.get(0).putLong(LOST_AT_CHECK, ~epochMillis);
    chunks.get(0).putLong(LOST_AT, epochMillis);
  }

  /** Files that were written before there was the second have only the first. */
  private boolean isLostAtSound() {
    long check = chunks.get(0).getLong(LOST_AT_CHECK);
    return check == 0 || ~check == chunks.get(0).getLong(LOST_AT);
  }

  /** The version before never says how many slots were used. */
  private boolean hasMade() {
    return (chunks.get(0).getLong(MADE) | chunks.get(0).getLong(MADE + Long.BYTES)) != 0;
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
      if (slot.key() != null && slot.isSound(true)) {
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
    chunks.get(0).putLong(LOST_AT_CHECK, 0);
    return made;
  }

  /**
   * Reads the slots.
   *
   * @param made how many were ever used; 0 when nobody knows
   * @return how many of them cannot be read
   */
  private int read(int made, long epochMillis) {
    boolean zeroIsMark = made != 0 && chunks.get(0).getLong(MARKS) == 0;
    int lost = Math.max(0, made - capacity());
    if (lost > 0) {
      putLostAt(epochMillis);
    }
    int damaged = 0;
    next = made == 0 ? capacity() : Math.min(made, capacity());
    List<Integer> left = new ArrayList<>();
    for (int i = 1; i < next; i++) {
      AccountSlot slot = slot(i);
      String key = slot.key();
      if (key == null) {
        if (!slot.isFree(zeroIsMark) && !(made == 0 && slot.isUnused())) {
          lost++;
          putLostAt(epochMillis);
        }
        slot.free();
        free.add(i);
      } else if (!slot.isSound(zeroIsMark)) {
        damaged++;
        lost(key, i).lose(epochMillis);
      } else if (slot.end() <= epochMillis) {
        slot.free();
        free.add(i);
      } else if (slot.isLater()) {
        later.computeIfAbsent(key, none -> new ArrayList<>(1)).add(i);
      } else if (isLost(key)) {
        slot.free();
        free.add(i);
      } else {
        slots.put(key, i);
        left.add(i);
        settleLost(slot);
      }
    }
    left.sort(Comparator.comparingLong(index -> slot(index).end()));
    for (int index : left) {
      unopened.add(AccountSlot.tagOf(slot(index).key()), index);
    }
    if (damaged > 0) {
      warnings.accept(
          file
              + " is damaged: "
              + damaged
              + " accounts have used up their hard budgets until their windows end or they are"
              + " reset");
    }
    return lost;
  }

  /** Whose slot that is may be known, and not any more whether it is the one of a later window. */
  private AccountSlot lost(String key, int index) {
    Integer first = slots.putIfAbsent(key, index);
    if (first == null) {
      return slot(index);
    }
    slot(index).free();
    free.add(index);
    return slot(first);
  }

  private boolean isLost(String key) {
    Integer known = slots.get(key);
    return known != null && slot(known).used() == UNKNOWN;
  }

  private void settleLost(AccountSlot slot) {
    long reserved = slot.reserved();
    inFlight += reserved > 0 ? 1 : 0;
    slot.write(Amounts.plus(slot.used(), reserved), 0);
  }

  private void grow() throws IOException {
    grow(ByteBuffer.allocate(CHUNK));
  }

  /** Real blocks, so that a full disk is noticed here and not when memory is written. */
  private void grow(ByteBuffer chunk) throws IOException {
    long size = (long) chunks.size() * CHUNK;
    while (chunk.hasRemaining()) {
      channel.write(chunk, size + chunk.position());
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
    String kept = kept(key);
    Integer known = slots.get(kept);
    if (known != null) {
      unopened.remove(AccountSlot.tag(key), known);
      return new MappedSlot(known, kept);
    }
    if (!hasRoom()) {
      // This account does not outlive the JVM; those that are there do.
      return MEMORY.open(key);
    }
    long lostAt = chunks.get(0).getLong(LOST_AT);
    int index =
        take(
            slot -> {
              slot.open(kept);
              if (lostAt != 0) {
                slot.lose(lostAt);
              }
            });
    slots.put(kept, index);
    return new MappedSlot(index, kept);
  }

  private boolean hasRoom() {
    return !free.isEmpty() || next < capacity() || hasGrown();
  }

  /** A slot that nobody has, as it is filled. */
  private int take(Consumer<AccountSlot> filling) {
    boolean another = free.isEmpty();
    int index = another ? next++ : free.poll();
    filling.accept(slot(index));
    if (another) {
      putMade();
    }
    return index;
  }

  private synchronized void keepLater(String kept, long start, long end, long spent) {
    dropLater(kept, slot -> slot.start() == start);
    if (hasRoom()) {
      int index = take(slot -> slot.keepLater(kept, start, end, spent));
      later.computeIfAbsent(kept, none -> new ArrayList<>(1)).add(index);
    }
  }

  private synchronized NavigableMap<Long, Long> later(String kept) {
    List<Integer> of = later.get(kept);
    if (of == null) {
      return Collections.emptyNavigableMap();
    }
    NavigableMap<Long, Long> spent = new TreeMap<>();
    for (int index : of) {
      spent.put(slot(index).start(), slot(index).used());
    }
    return spent;
  }

  private synchronized void dropLater(String kept, Predicate<AccountSlot> which) {
    List<Integer> of = later.get(kept);
    if (of == null) {
      return;
    }
    for (int i = of.size() - 1; i >= 0; i--) {
      AccountSlot slot = slot(of.get(i));
      if (which.test(slot)) {
        slot.free();
        free.add(of.remove(i));
      }
    }
    if (of.isEmpty()) {
      later.remove(kept);
    }
  }

  private String kept(String key) {
    String before = AccountSlot.shortenedBefore(key);
    boolean isKept = slots.containsKey(before) || later.containsKey(before);
    return isKept ? before : AccountSlot.shortened(key);
  }

  @Override
  public synchronized boolean keeps(String key) {
    String kept = kept(key);
    return slots.containsKey(kept) || later.containsKey(kept);
  }

  @Override
  public synchronized int unopened(String family) {
    return unopened.count(AccountSlot.tag(family));
  }

  @Override
  public synchronized boolean dropUnopened(String family, long epochMillis, long clockShift) {
    String tag = AccountSlot.tag(family);
    Integer first = unopened.first(tag);
    if (first == null) {
      return false;
    }
    AccountSlot slot = slot(first);
    // Where the clock was set it may count by the new one's window, too.
    long longer = clockShift == 0 ? 0 : Math.max(0, clockShift) + 2 * (slot.end() - slot.start());
    if (epochMillis - longer < slot.end()) {
      return false;
    }
    unopened.remove(tag, first);
    forget(first, slot.key());
    return true;
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

  /** Lets another JVM have the file; what is written after that is written nowhere. */
  @Override
  public void close() throws IOException {
    closed = true;
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
    public void begin(long start, long end, long spent) {
      if (!closed) {
        slot.begin(start, end, spent);
      }
    }

    @Override
    public void keepLater(long start, long end, long spent) {
      if (!closed) {
        MappedAccounts.this.keepLater(kept, start, end, spent);
      }
    }

    @Override
    public NavigableMap<Long, Long> later() {
      return MappedAccounts.this.later(kept);
    }

    @Override
    public void dropLater(long end) {
      if (!closed) {
        MappedAccounts.this.dropLater(kept, slot -> slot.start() < end);
      }
    }

    @Override
    public void move(long start, long end) {
      if (!closed) {
        slot.move(start, end);
      }
    }

    @Override
    public void write(long used, long reserved) {
      if (!closed) {
        slot.write(used, reserved);
      }
    }

    @Override
    public void free() {
      if (!closed) {
        forget(index, kept);
      }
    }
  }
}
