package io.flyball.instrumentation.javahttpclient;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Flow;

/** How a publisher of a body may come to its end, other than well. */
enum BodyEnd {
  FAILS_AT_ONCE(0, true),
  FAILS_IN_THE_MIDDLE(0.5, true),
  FAILS_AFTER_ALL(1, true),
  FAILS_WHEN_ASKED_FOR_MORE(1, true),
  GIVES_THE_REST_AFTER_ITS_FAILURE(0.5, true),
  GIVES_ALL_AFTER_ITS_FAILURE(0, true),
  COMPLETES_AFTER_ITS_FAILURE(1, true),
  THROWS_WHEN_SUBSCRIBED_TO(0, true),
  FAILS_AFTER_ITS_END(1, false),
  COMPLETES_TWICE(1, false),
  NEVER_ENDS(1, true);

  /** All that end some time. */
  static final Set<BodyEnd> ENDING = EnumSet.complementOf(EnumSet.of(NEVER_ENDS));

  private final double part;
  private final boolean fails;

  BodyEnd(double part, boolean fails) {
    this.part = part;
    this.fails = fails;
  }

  /** Whether the client fails. */
  boolean fails() {
    return fails;
  }

  /**
   * @param declared whether it says how long it is
   */
  BodyPublisher of(byte[] body, boolean declared) {
    Flow.Publisher<ByteBuffer> publisher =
        subscriber -> {
          if (this == THROWS_WHEN_SUBSCRIBED_TO) {
            throw new IllegalStateException("the application's");
          }
          subscriber.onSubscribe(new Giving(body, subscriber));
        };
    return declared
        ? BodyPublishers.fromPublisher(publisher, body.length)
        : BodyPublishers.fromPublisher(publisher);
  }

  private final class Giving implements Flow.Subscription {
    private final byte[] body;
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private int asked;

    Giving(byte[] body, Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.body = body;
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      asked++;
      IOException failure = new IOException("the application's");
      if (asked == 1) {
        int count = (int) (body.length * part);
        if (count > 0) {
          subscriber.onNext(ByteBuffer.wrap(Arrays.copyOf(body, count)));
        }
        if (BodyEnd.this == FAILS_WHEN_ASKED_FOR_MORE || BodyEnd.this == NEVER_ENDS) {
          return;
        }
        if (fails) {
          subscriber.onError(failure);
        } else {
          subscriber.onComplete();
        }
        end(count, failure);
      } else if (asked == 2 && BodyEnd.this == FAILS_WHEN_ASKED_FOR_MORE) {
        subscriber.onError(failure);
      }
    }

    private void end(int given, IOException failure) {
      switch (BodyEnd.this) {
        case GIVES_THE_REST_AFTER_ITS_FAILURE:
        case GIVES_ALL_AFTER_ITS_FAILURE:
          subscriber.onNext(ByteBuffer.wrap(Arrays.copyOfRange(body, given, body.length)));
          subscriber.onComplete();
          break;
        case COMPLETES_AFTER_ITS_FAILURE:
        case COMPLETES_TWICE:
          subscriber.onComplete();
          break;
        case FAILS_AFTER_ITS_END:
          subscriber.onError(failure);
          break;
        default:
          break;
      }
    }

    @Override
    public void cancel() {}
  }
}
