package io.flyball.engine;

import io.flyball.wire.Body;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A client in memory: answers each attempt by a script, records what it was asked. */
final class ScriptedTransport implements Transport {
  final List<WireRequest> sent = Collections.synchronizedList(new ArrayList<WireRequest>());
  final List<Thread> threads = Collections.synchronizedList(new ArrayList<Thread>());
  private final Function<Integer, CompletionStage<WireResponse>> script;
  private boolean maySendElsewhere;

  /**
   * @param script the answer to attempt 1, 2...
   */
  ScriptedTransport(Function<Integer, CompletionStage<WireResponse>> script) {
    this.script = script;
  }

  static ScriptedTransport answering(WireResponse... answers) {
    return new ScriptedTransport(n -> Completions.completed(answers[n - 1]));
  }

  static ScriptedTransport failing(Throwable failure) {
    return new ScriptedTransport(n -> Completions.failed(failure));
  }

  ScriptedTransport sendingElsewhere(boolean may) {
    maySendElsewhere = may;
    return this;
  }

  @Override
  public boolean maySendElsewhere() {
    return maySendElsewhere;
  }

  static WireResponse answer(int status, String contentType, Body body) {
    return WireResponse.received(
        status, Headers.of("Content-Type", contentType), body, new Object());
  }

  static WireResponse stream(Body body) {
    return answer(200, "text/event-stream", body);
  }

  @Override
  public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
    threads.add(Thread.currentThread());
    sent.add(request);
    return script.apply(sent.size());
  }

  /** A body under the test's control. */
  static final class Pieces implements Body {
    private final List<Object> pieces = new ArrayList<>();
    private CompletableFuture<ByteBuffer> waiting;
    int reads;
    boolean closed;

    static Pieces of(Object... pieces) {
      Pieces body = new Pieces();
      for (Object piece : pieces) {
        body.give(piece);
      }
      return body;
    }

    /** Text, bytes, an exception or (null) the end. */
    void give(Object piece) {
      CompletableFuture<ByteBuffer> reader;
      synchronized (this) {
        reader = waiting;
        waiting = null;
        if (reader == null) {
          pieces.add(piece);
        }
      }
      if (reader != null) {
        complete(reader, piece);
      }
    }

    private static void complete(CompletableFuture<ByteBuffer> reader, Object piece) {
      if (piece instanceof Throwable) {
        reader.completeExceptionally((Throwable) piece);
      } else if (piece instanceof byte[]) {
        reader.complete(ByteBuffer.wrap((byte[]) piece));
      } else {
        reader.complete(
            piece == null
                ? null
                : ByteBuffer.wrap(((String) piece).getBytes(StandardCharsets.UTF_8)));
      }
    }

    @Override
    public synchronized CompletionStage<ByteBuffer> read() {
      reads++;
      CompletableFuture<ByteBuffer> next = new CompletableFuture<>();
      if (pieces.isEmpty()) {
        waiting = next;
      } else {
        Object piece = pieces.get(0);
        boolean last = piece == null || piece instanceof Throwable;
        if (!last) {
          pieces.remove(0);
        }
        complete(next, piece);
      }
      return next;
    }

    @Override
    public synchronized void close() {
      closed = true;
    }
  }
}
