package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.Sending;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** The body of one attempt, which tells when the client comes for it. */
final class ToldPublisher implements BodyPublisher {
  private final BodyPublisher body;
  private final Sending sending;

  ToldPublisher(BodyPublisher body, Sending sending) {
    this.body = body;
    this.sending = sending;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    try {
      sending.begin();
    } catch (IOException over) {
      fail(subscriber, over);
      return;
    }
    body.subscribe(subscriber);
  }

  /** No bytes, only that. */
  static void fail(Flow.Subscriber<? super ByteBuffer> subscriber, Throwable why) {
    subscriber.onSubscribe(NOTHING);
    subscriber.onError(why);
  }

  private static final Flow.Subscription NOTHING =
      new Flow.Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };
}
