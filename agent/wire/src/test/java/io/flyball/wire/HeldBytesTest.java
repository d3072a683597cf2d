package io.flyball.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldBytesTest {
  private static final long MINUTE = 60_000_000_000L;

  private final AtomicLong clock = new AtomicLong();
  private final HeldBytes account = new HeldBytes(100, clock::get);
  private final long mostOfThisJvm = HeldBytes.ofThisJvm().most();

  @AfterEach
  @AfterTry
  void restore() {
    HeldBytes.ofThisJvm().limitTo(mostOfThisJvm);
  }

  @Test
  void whatDoesNotFitIsNotHeld() {
    HeldBytes.Hold one = account.hold();
    HeldBytes.Hold other = account.hold();
    assertThat(one.grow(60)).isTrue();
    assertThat(other.grow(41)).isFalse();
    assertThat(other.grow(40)).isTrue();
    assertThat(account.held()).isEqualTo(100);
    assertThat(account.hasRoomFor(1)).isFalse();
    other.growAnyway(10);
    assertThat(account.held()).isEqualTo(110);
    one.release();
    one.release();
    other.shrink(20);
    assertThat(account.held()).isEqualTo(30);
    assertThat(one.grow(70)).isTrue();
    one.shrink(1_000);
    assertThat(account.held()).as("nobody gives back what others hold").isEqualTo(30);
  }

  @Test
  void whatIsLostIsGivenBack() {
    assertThat(account.hold().grow(100)).isTrue();
    await()
        .atMost(2, TimeUnit.MINUTES)
        .until(
            () -> {
              System.gc();
              return account.held() == 0;
            });
    assertThat(account.hold().grow(100)).isTrue();
  }

  @Test
  void isToldOnceInAMinute() {
    List<String> lines = new ArrayList<>();
    account.tellTo(lines::add);
    for (int i = 0; i < 50; i++) {
      account.letPass();
    }
    assertThat(lines).hasSize(1);
    clock.set(MINUTE);
    account.letPass();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("51 requests and answers", "flyball.memory.max-held");
    assertThat(account.passed()).isEqualTo(51);
  }

  @Test
  void aSmallBoundIsSaidInItsOwnUnit() {
    List<String> lines = new ArrayList<>();
    HeldBytes small = new HeldBytes(300 << 10, clock::get);
    small.tellTo(lines::add);
    assertThat(small.hold().grow(700)).isTrue();
    small.letPass();
    assertThat(lines.get(0)).contains("700 bytes of 300 KB (flyball.memory.max-held)");
  }

  @Test
  void aBeginningThatDoesNotFitIsHandedOnAsItComes() throws Exception {
    HeldBytes.ofThisJvm().limitTo(HeldBytes.ofThisJvm().held() + 10);
    long passed = HeldBytes.ofThisJvm().passed();
    List<ByteBuffer> pieces = new ArrayList<>();
    for (String piece : Arrays.asList("12345", "67890", "abcde", "fghij")) {
      pieces.add(ByteBuffer.wrap(piece.getBytes("UTF-8")));
    }
    BodyPrefix prefix =
        BodyPrefix.read(Bodies.of(pieces), 1_000, () -> false).toCompletableFuture().join();
    assertThat(prefix.size()).isEqualTo(15);
    assertThat(prefix.ended()).isFalse();
    assertThat(HeldBytes.ofThisJvm().passed()).isEqualTo(passed + 1);
    assertThat(text(prefix.replay())).isEqualTo("1234567890abcdefghij");
  }

  @Property(tries = 200)
  void whatWasHeldOfABodyIsGivenBackHoweverItEnds(
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 50) Integer> sizes,
      @ForAll @IntRange(max = 300) int room,
      @ForAll @IntRange(max = 300) int limit,
      @ForAll boolean closesEarly)
      throws IOException {
    HeldBytes jvm = HeldBytes.ofThisJvm();
    long before = jvm.held();
    jvm.limitTo(before + room);
    List<ByteBuffer> pieces = new ArrayList<>();
    int total = 0;
    for (int size : sizes) {
      pieces.add(ByteBuffer.allocate(size));
      total += size;
    }
    Body replay =
        BodyPrefix.read(Bodies.of(pieces), limit, () -> false)
            .toCompletableFuture()
            .join()
            .replay();
    assertThat(jvm.held()).isLessThanOrEqualTo(before + room);
    if (closesEarly) {
      replay.close();
    } else {
      assertThat(text(replay)).hasSize(total);
    }
    assertThat(jvm.held()).isEqualTo(before);
  }

  private static String text(Body body) throws IOException {
    StringBuilder all = new StringBuilder();
    BodyInputStream in = new BodyInputStream(body);
    for (int next = in.read(); next >= 0; next = in.read()) {
      all.append((char) next);
    }
    return all.toString();
  }
}
