package io.flyball.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The kinds of bodies, and the blocking stream over one. */
class BodiesTest {

  private static ByteBuffer bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer read(Body body) {
    return body.read().toCompletableFuture().join();
  }

  @Test
  void theEndIsGivenAgainAndAgain() {
    for (Body body : Arrays.asList(Bodies.empty(), Bodies.of(new byte[0]))) {
      assertThat(read(body)).isNull();
      assertThat(read(body)).isNull();
    }
    Body one = Bodies.of(new byte[] {7});
    assertThat(read(one)).isEqualTo(bytes(7));
    assertThat(read(one)).isNull();
  }

  @Test
  void aConcatenationGoesOnWithTheRestAndClosesIt() {
    AtomicInteger closed = new AtomicInteger();
    Body rest = Bodies.ofStream(new ByteArrayInputStream(new byte[] {3}), closed::incrementAndGet);
    Body body = Bodies.concat(Arrays.asList(bytes(1), bytes(), bytes(2)), rest);
    assertThat(read(body)).isEqualTo(bytes(1));
    assertThat(read(body)).isEqualTo(bytes(2));
    assertThat(read(body)).isEqualTo(bytes(3));
    assertThat(read(body)).isNull();
    body.close();
    body.close();
    assertThat(closed).hasValue(1);
    assertThat(catchThrowable(() -> read(body))).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void aStreamIsReadPieceByPieceAndItsFailureStays() {
    IOException reset = new IOException("reset");
    InputStream stream =
        new InputStream() {
          private int reads;

          @Override
          public int read() {
            throw new AssertionError("reads in bulk");
          }

          @Override
          public int read(byte[] target) throws IOException {
            reads++;
            if (reads == 1) {
              return 0;
            }
            if (reads == 2) {
              target[0] = 5;
              return 1;
            }
            throw reset;
          }
        };
    Body body = Bodies.ofStream(stream, () -> {});
    assertThat(read(body)).isEqualTo(bytes(5));
    assertThat(catchThrowable(() -> read(body))).hasCause(reset);
    assertThat(catchThrowable(() -> read(body))).hasCause(reset);
  }

  @Test
  void theBlockingStreamGivesEveryByteAsItIs() throws Exception {
    BodyInputStream in =
        new BodyInputStream(Bodies.of(Arrays.asList(bytes(0xff, 0), bytes(2, 3, 4))));
    assertThat(in.read()).isEqualTo(0xff);
    byte[] target = new byte[10];
    assertThat(in.read(target, 1, 9)).isEqualTo(1);
    assertThat(in.read(target, 0, 2)).isEqualTo(2);
    assertThat(target).startsWith(2, 3);
    assertThat(in.available()).isEqualTo(1);
    assertThat(in.read(target, 0, 0)).isZero();
    assertThat(in.read()).isEqualTo(4);
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(target)).isEqualTo(-1);
    in.close();
    assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> in.read(target, 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theBlockingStreamThrowsTheBodysOwnException() {
    IOException reset = new IOException("reset");
    IllegalStateException closed = new IllegalStateException("closed");
    for (Throwable failure : Arrays.asList(reset, closed)) {
      for (CompletionStage<ByteBuffer> read :
          Arrays.asList(
              Completions.<ByteBuffer>failed(failure),
              Completions.<ByteBuffer>failed(new CompletionException(failure)))) {
        BodyInputStream in = new BodyInputStream(new Pending(read));
        assertThat(catchThrowable(in::read)).isSameAs(failure);
      }
    }
  }

  @Test
  void anInterruptClosesTheBodyAndKeepsTheFlag() {
    Pending body = new Pending(new CompletableFuture<ByteBuffer>());
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> new BodyInputStream(body).read())
          .isExactlyInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(body.closed).isTrue();
  }

  @Test
  void aPrefixReadsAsFarAsAskedAndReplaysEverything() {
    Body body = Bodies.of(Arrays.asList(bytes(1, 2), bytes(3), bytes(4)));
    AtomicInteger rounds = new AtomicInteger();
    BodyPrefix prefix =
        BodyPrefix.read(body, 100, () -> rounds.incrementAndGet() == 2)
            .toCompletableFuture()
            .join();
    assertThat(prefix.ended()).isFalse();
    assertThat(prefix.toBytes()).containsExactly(1, 2, 3);
    Body replay = prefix.replay();
    assertThat(read(replay)).isEqualTo(bytes(1, 2));
    assertThat(read(replay)).isEqualTo(bytes(3));
    assertThat(read(replay)).isEqualTo(bytes(4));
    assertThat(read(replay)).isNull();
  }

  @Test
  void manyRoundsDoNotNestWhetherTheyCompleteAtOnceOrElsewhere() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    CompletableFuture<Integer> depth = new CompletableFuture<>();
    Completions.repeat(
        () ->
            rounds.get() % 3 == 0
                ? CompletableFuture.supplyAsync(rounds::incrementAndGet)
                : Completions.completed(rounds.incrementAndGet()),
        (round, failure) -> {
          if (round < 9_000) {
            return true;
          }
          depth.complete(new Throwable().getStackTrace().length);
          return false;
        });
    assertThat(depth.get()).isLessThan(200);
  }

  /** A body whose only read is given. */
  private static final class Pending implements Body {
    private final CompletionStage<ByteBuffer> read;
    private boolean closed;

    Pending(CompletionStage<ByteBuffer> read) {
      this.read = read;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      return read;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
