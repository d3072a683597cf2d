package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class PulledBodyTest {
  private final PulledBody body = new PulledBody();
  private final Upstream upstream = new Upstream();

  @Test
  void asksForMoreWhenNothingIsThere() {
    body.onSubscribe(upstream);
    assertThat(upstream.requested).as("what comes next is asked for ahead").isEqualTo(1);

    CompletableFuture<ByteBuffer> first = read();
    assertThat(upstream.requested).as("it is on its way").isEqualTo(1);
    body.onNext(List.of(bytes(1)));
    assertThat(first.join().get()).isEqualTo((byte) 1);
    assertThat(upstream.requested).isEqualTo(2);
    body.onNext(List.of(bytes(2)));
    assertThat(upstream.requested).as("something is there").isEqualTo(2);
    assertThat(read().join().get()).isEqualTo((byte) 2);
    assertThat(upstream.requested).isEqualTo(3);
  }

  @Test
  void whatComesTogetherIsReadTogether() {
    body.onSubscribe(upstream);
    ByteBuffer first = bytes(1);
    body.onNext(Arrays.asList(first, ByteBuffer.allocate(0), bytes(2)));
    ByteBuffer both = read().join();
    assertThat(both).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    assertThat(first.remaining()).as("the client's buffer is left as it was").isEqualTo(1);
    body.onNext(Arrays.asList(ByteBuffer.allocate(0), ByteBuffer.allocate(0)));
    assertThat(read()).isNotDone();
  }

  @Test
  void largeBuffersAreNotCopied() {
    body.onSubscribe(upstream);
    ByteBuffer first = ByteBuffer.allocate(40 << 10);
    ByteBuffer second = ByteBuffer.allocate(40 << 10);
    body.onNext(Arrays.asList(first, second));
    assertThat(read().join()).isSameAs(first);
    assertThat(read().join()).isSameAs(second);
  }

  @Test
  void whatNobodyReadsStopsTheClient() {
    body.onSubscribe(upstream);
    body.onNext(List.of(bytes(1)));
    assertThat(upstream.requested).isEqualTo(1);
  }

  @Test
  void theReaderThatWaitsIsServedAfterTheClientWasAsked() {
    body.onSubscribe(upstream);
    List<Long> requested = new ArrayList<>();
    read().thenAccept(bytes -> requested.add(upstream.requested));
    body.onNext(List.of(bytes(1)));
    assertThat(requested).containsExactly(2L);
  }

  @Test
  void aReadMayComeBeforeTheSubscription() {
    CompletableFuture<ByteBuffer> first = read();
    body.onSubscribe(upstream);
    assertThat(upstream.requested).isEqualTo(1);
    body.onNext(List.of(bytes(1)));
    assertThat(first).isCompleted();
  }

  @Test
  void emptyBuffersAreNotDelivered() {
    body.onSubscribe(upstream);
    CompletableFuture<ByteBuffer> first = read();
    body.onNext(Collections.singletonList(ByteBuffer.allocate(0)));
    assertThat(first).isNotDone();
    assertThat(upstream.requested).isEqualTo(2);
  }

  @Test
  void theEndComesAfterWhatIsThereAndStays() {
    body.onSubscribe(upstream);
    body.onNext(List.of(bytes(1)));
    body.onComplete();
    assertThat(read().join()).isNotNull();
    assertThat(read().join()).isNull();
    assertThat(read().join()).isNull();
    body.close();
    assertThat(upstream.cancelled).isFalse();
  }

  @Test
  void aFailureIsTheClientsOwnAndStays() {
    IOException cut = new IOException("cut");
    body.onSubscribe(upstream);
    CompletableFuture<ByteBuffer> waiting = read();
    body.onError(cut);
    assertThat(waiting.handle((bytes, failure) -> failure).join()).isSameAs(cut);
    assertThat(read().handle((bytes, failure) -> failure).join()).isSameAs(cut);
  }

  @Test
  void closingCancelsTheSubscriptionAndFailsTheReader() {
    body.onSubscribe(upstream);
    CompletableFuture<ByteBuffer> waiting = read();
    body.close();
    body.close();
    assertThat(waiting).isCompletedExceptionally();
    assertThat(upstream.cancelled).isTrue();
    assertThat(read()).isCompletedExceptionally();
  }

  @Test
  void closingBeforeTheHeadCancelsWhenTheHeadComes() {
    body.close();
    body.onSubscribe(upstream);
    assertThat(upstream.cancelled).isTrue();
    assertThat(upstream.requested).isZero();
  }

  private CompletableFuture<ByteBuffer> read() {
    return body.read().toCompletableFuture();
  }

  private static ByteBuffer bytes(int value) {
    return ByteBuffer.wrap(new byte[] {(byte) value});
  }

  private static final class Upstream implements Flow.Subscription {
    private long requested;
    private boolean cancelled;

    @Override
    public void request(long n) {
      requested += n;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
