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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Accounts in a file that is mapped into memory: writing one costs no more than writing memory, and
 * what was written is there after the JVM was killed. What was reserved then counts as spent,
 * because nobody knows what became of it. Of several JVMs with the same folder each has a file of
 * its own.
 *
 * <p>The file is a header and slots of equal size; a slot holds start and end of its window, what
 * was spent, what was reserved, and the account's key (its SHA-256 where that is shorter). Slots
 * whose window is over are used again.
 */
public final class MappedAccounts implements AccountStore, Closeable {
  private static final byte[] MAGIC = "FLYBALL ACCOUNTS 2\n".getBytes(StandardCharsets.US_ASCII);
  private static final String NAME = "budgets";
  private static final int MOST_FILES = 64;

  /** In the first slot, behind the mark. */
  private static final int OWNER = 64;

  private static final int SLOT = 128;
  private static final int SLOTS_PER_CHUNK = 4096;
  private static final int CHUNK = SLOT * SLOTS_PER_CHUNK;
  private static final int WINDOW_END = 8;
  private static final int USED = 16;
  private static final int RESERVED = 24;
  private static final int KEY = 32;
  private static final byte FREE = -1;
  private static final int LONGEST_KEY = SLOT - KEY - 1;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private final List<MappedByteBuffer> chunks = new ArrayList<>();
  private final Map<String, Integer> slots = new HashMap<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int inFlight;
  private int next = 1;

  private MappedAccounts(Path file, FileChannel channel, FileLock lock, long epochMillis)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    load(epochMillis);
  }

  /**
   * Opens the first file in the folder that no other JVM holds.
   *
   * @param epochMillis now: what was for an earlier window is dropped
   * @throws IOException when there is none, or it is not one of ours; the message names it
   */
  public static MappedAccounts in(Path folder, long epochMillis) throws IOException {
    Files.createDirectories(folder);
    for (int i = 1; i <= MOST_FILES; i++) {
      Path file = folder.resolve(i == 1 ? NAME + ".dat" : NAME + '-' + i + ".dat");
      PrivateFiles.createIfAbsent(file);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        FileLock lock = tryLock(channel);
        if (lock != null) {
          return new MappedAccounts(file, channel, lock, epochMillis);
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
      grow();
      for (int i = 0; i < MAGIC.length; i++) {
        chunks.get(0).put(i, MAGIC[i]);
      }
      return;
    }
    for (long at = 0; at + CHUNK <= size; at += CHUNK) {
      chunks.add(channel.map(FileChannel.MapMode.READ_WRITE, at, CHUNK));
    }
    if (chunks.isEmpty() || !begins(chunks.get(0))) {
      throw new IOException(file + ": is not a file of Flyball's budgets");
    }
    for (; next < chunks.size() * SLOTS_PER_CHUNK; next++) {
      String key = keyOf(next);
      if (key == null) {
        if (chunk(next).get(offset(next) + KEY) == 0) {
          break;
        }
        free.add(next);
      } else if (chunk(next).getLong(offset(next) + WINDOW_END) <= epochMillis) {
        release(next);
      } else {
        slots.put(key, next);
        settleLost(next);
      }
    }
  }

  private static boolean begins(ByteBuffer chunk) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (chunk.get(i) != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private void settleLost(int slot) {
    MappedByteBuffer chunk = chunk(slot);
    int at = offset(slot);
    long reserved = chunk.getLong(at + RESERVED);
    if (reserved > 0) {
      inFlight++;
      long used = chunk.getLong(at + USED) + reserved;
      chunk.putLong(at + USED, used < 0 ? Long.MAX_VALUE : used);
      chunk.putLong(at + RESERVED, 0);
    }
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
    String kept = shortened(key);
    Integer known = slots.get(kept);
    if (known != null) {
      return new MappedSlot(known, kept);
    }
    if (free.isEmpty() && next == chunks.size() * SLOTS_PER_CHUNK) {
      try {
        grow();
      } catch (IOException full) {
        // This account does not outlive the JVM; those that are there do.
        return MEMORY.open(key);
      }
    }
    int slot = free.isEmpty() ? next++ : free.poll();
    slots.put(kept, slot);
    MappedByteBuffer chunk = chunk(slot);
    int at = offset(slot);
    byte[] bytes = kept.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      chunk.put(at + KEY + 1 + i, bytes[i]);
    }
    chunk.put(at + KEY, (byte) bytes.length);
    return new MappedSlot(slot, kept);
  }

  private synchronized void forget(int slot, String kept) {
    slots.remove(kept);
    release(slot);
  }

  private void release(int slot) {
    MappedByteBuffer chunk = chunk(slot);
    int at = offset(slot);
    chunk.put(at + KEY, FREE);
    chunk.putLong(at, 0);
    chunk.putLong(at + WINDOW_END, 0);
    chunk.putLong(at + USED, 0);
    chunk.putLong(at + RESERVED, 0);
    free.add(slot);
  }

  private String keyOf(int slot) {
    ByteBuffer chunk = chunk(slot).duplicate();
    int at = offset(slot);
    int length = chunk.get(at + KEY);
    if (length <= 0 || length > LONGEST_KEY) {
      return null;
    }
    byte[] bytes = new byte[length];
    chunk.position(at + KEY + 1);
    chunk.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String shortened(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_KEY) {
      return key;
    }
    try {
      StringBuilder hex = new StringBuilder("#");
      for (byte each : MessageDigest.getInstance("SHA-256").digest(bytes)) {
        hex.append(Character.forDigit(each >> 4 & 0xf, 16))
            .append(Character.forDigit(each & 0xf, 16));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private MappedByteBuffer chunk(int slot) {
    return chunks.get(slot / SLOTS_PER_CHUNK);
  }

  private static int offset(int slot) {
    return slot % SLOTS_PER_CHUNK * SLOT;
  }

  /** Lets another JVM have the file. */
  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  private final class MappedSlot implements Slot {
    private final MappedByteBuffer chunk;
    private final int at;
    private final int slot;
    private final String kept;

    MappedSlot(int slot, String kept) {
      this.chunk = chunk(slot);
      this.at = offset(slot);
      this.slot = slot;
      this.kept = kept;
    }

    @Override
    public long windowStart() {
      return chunk.getLong(at);
    }

    @Override
    public long used() {
      return chunk.getLong(at + USED);
    }

    @Override
    public void begin(long start, long end) {
      write(0, 0);
      chunk.putLong(at + WINDOW_END, end);
      chunk.putLong(at, start);
    }

    @Override
    public void write(long used, long reserved) {
      // In this order: a JVM that is killed in between has counted too much, never too little.
      chunk.putLong(at + USED, used);
      chunk.putLong(at + RESERVED, reserved);
    }

    @Override
    public void free() {
      forget(slot, kept);
    }
  }
}
