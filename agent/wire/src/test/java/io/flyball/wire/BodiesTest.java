package io.flyball.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
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

  /** Streams read into arrays that others have read into before. */
  @Test
  void nobodyElseReadsIntoAnArrayThatIsInUse() {
    for (int depth = 0; depth < 20; depth++) {
      assertThat(readNested(depth)).isEqualTo(depth);
    }
  }

  /** A stream that reads others to their end while it is read. */
  private static int readNested(int depth) {
    InputStream nested =
        new InputStream() {
          private int left = 3;

          @Override
          public int read() {
            throw new AssertionError();
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            if (left-- == 0) {
              return -1;
            }
            Arrays.fill(buffer, offset, offset + 100, (byte) depth);
            if (depth > 0) {
              readNested(depth / 2);
            }
            return 100;
          }
        };
    Body body = Bodies.ofStream(nested, () -> {});
    int value = -1;
    for (ByteBuffer piece = read(body); piece != null; piece = read(body)) {
      while (piece.hasRemaining()) {
        value = piece.get();
        assertThat(value).isEqualTo(depth);
      }
    }
    return value;
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
    assertThat(in.available()).isEqualTo(4);
    assertThat(in.read(target, 1, 3)).isEqualTo(3);
    assertThat(target).startsWith(0, 0, 2, 3);
    assertThat(in.available()).isEqualTo(1);
    assertThat(in.read(target, 0, 0)).isZero();
    assertThat(in.read()).isEqualTo(4);
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(target)).isEqualTo(-1);
    in.close();
    assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> in.read(target, 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Programs take what is available for all there is, or what one read gives. */
  @Test
  void theBlockingStreamGivesAllThatIsThereAndDoesNotWaitForMore() throws Exception {
    IOException reset = new IOException("reset");
    Pending never = new Pending(new CompletableFuture<ByteBuffer>());
    Pending broken = new Pending(Completions.<ByteBuffer>failed(reset));
    for (Body rest : Arrays.asList(never, broken)) {
      BodyInputStream in =
          new BodyInputStream(Bodies.concat(Arrays.asList(bytes(1), bytes(2, 3)), rest));
      byte[] target = new byte[in.available()];
      assertThat(in.read(target)).isEqualTo(3);
      assertThat(target).containsExactly(1, 2, 3);
      assertThat(in.available()).isZero();
    }
    InputStream socket =
        new ByteArrayInputStream(new byte[] {4, 5}) {
          @Override
          public synchronized int available() {
            return pos == 0 ? 2 : 0;
          }
        };
    BodyInputStream in =
        new BodyInputStream(
            Bodies.concat(Arrays.asList(bytes(1), bytes(2, 3)), Bodies.ofStream(socket, () -> {})));
    assertThat(in.available()).isEqualTo(5);
    assertThat(in.read(new byte[9])).isEqualTo(5);
    assertThat(in.available()).isZero();
    in.close();
    assertThat(in.available()).isZero();
  }

  /**
   * What the JVM has stopped may have had bytes in hand: those after them are not the next ones.
   */
  @Test
  void afterAnErrorTheBlockingStreamGivesNoMore() throws Exception {
    InputStream lossy =
        new ByteArrayInputStream(new byte[] {1, 2}) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, 1);
          }
        };
    Body body = Bodies.ofStream(lossy, () -> {});
    StackOverflowError error = new StackOverflowError("injected");
    AtomicInteger reads = new AtomicInteger();
    Body stopped =
        new Body() {
          @Override
          public CompletionStage<ByteBuffer> read() {
            if (reads.incrementAndGet() == 2) {
              throw error;
            }
            return body.read();
          }

          @Override
          public void close() {}
        };
    BodyInputStream in = new BodyInputStream(stopped);
    assertThat(in.read()).isEqualTo(1);
    assertThat(catchThrowable(in::read)).isSameAs(error);
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasCause(error);
    }
  }

  /** The JDK's stream of chunks reads ahead to tell what is available, and finds no chunk. */
  @Test
  void whatIsFoundWhileLookingWhatIsAvailableIsToldByTheNextRead() throws Exception {
    IOException garbage = new IOException("garbage");
    InputStream socket =
        new ByteArrayInputStream(new byte[] {4}) {
          private boolean found;

          @Override
          public synchronized int available() {
            if (found) {
              return 0;
            }
            found = true;
            throw Completions.<RuntimeException>sneakyThrow(garbage);
          }
        };
    BodyInputStream in = new BodyInputStream(Bodies.ofStream(socket, () -> {}));
    assertThat(in.available()).isZero();
    assertThat(catchThrowable(in::read)).isSameAs(garbage);
    assertThat(catchThrowable(in::read)).isSameAs(garbage);
  }

  /** The application may ask on one thread while another reads. */
  @Test
  void nothingIsAvailableWhileSomebodyWaitsForIt() throws Exception {
    CompletableFuture<ByteBuffer> bytes = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    AtomicBoolean askedMeanwhile = new AtomicBoolean();
    BodyInputStream in =
        new BodyInputStream(
            new Body() {
              @Override
              public CompletionStage<ByteBuffer> read() {
                begun.complete(null);
                return bytes;
              }

              @Override
              public int available() {
                askedMeanwhile.set(true);
                return 1;
              }

              @Override
              public void close() {}
            });
    CompletableFuture<Integer> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return in.read();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    begun.join();
    assertThat(in.available()).isZero();
    assertThat(askedMeanwhile).isFalse();
    bytes.complete(bytes(7));
    assertThat(read.get()).isEqualTo(7);
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
