package io.flyball.twin;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import okhttp3.Headers;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.Header;
import okhttp3.internal.http2.Http2Connection;
import okhttp3.internal.http2.Http2Stream;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;

/**
 * The provider's end of one HTTP/2 connection, by what OkHttp's own test server is made of. Where
 * HTTP/1.1 resets the connection a stream is reset here; a body whose length is not told is cut by
 * an early end of the stream, any other by the connection's end.
 */
final class Http2Side {
  private static final Set<String> HTTP_1_ONLY =
      Set.of("connection", "keep-alive", "transfer-encoding", "upgrade");
  private static final ErrorCode[] RESETS = {
    ErrorCode.INTERNAL_ERROR, ErrorCode.CANCEL, ErrorCode.NO_ERROR, ErrorCode.ENHANCE_YOUR_CALM
  };

  private final Socket socket;
  private final Script script;

  private Http2Side(Socket socket, Script script) {
    this.socket = socket;
    this.script = script;
  }

  /** Answers what comes on that connection, on these threads. */
  static void serve(Socket socket, Script script, ExecutorService threads) throws IOException {
    Http2Side side = new Http2Side(socket, script);
    Http2Connection.Listener listener =
        new Http2Connection.Listener() {
          @Override
          public void onStream(Http2Stream stream) {
            threads.execute(() -> side.answer(stream));
          }
        };
    new Http2Connection.Builder(false, TaskRunner.INSTANCE)
        .socket(socket, "client", Okio.buffer(Okio.source(socket)), Okio.buffer(Okio.sink(socket)))
        .listener(listener)
        .build()
        .start(true, TaskRunner.INSTANCE);
  }

  private void answer(Http2Stream stream) {
    try {
      SeenRequest request = read(stream);
      answer(stream, request, script.next(request));
    } catch (IOException clientWentAway) {
      // It may.
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private static SeenRequest read(Http2Stream stream) throws IOException {
    Headers all = stream.takeHeaders();
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!all.name(i).startsWith(":")) {
        headers.add(all.name(i) + ": " + all.value(i));
      }
    }
    Buffer body = new Buffer();
    while (stream.getSource().read(body, 8192) >= 0) {
      // Until its end.
    }
    return new SeenRequest(
        all.get(":method") + ' ' + all.get(":path") + " HTTP/2", headers, body.readByteArray());
  }

  private void answer(Http2Stream stream, SeenRequest request, Reply reply)
      throws IOException, InterruptedException {
    Rendering rendering = Rendering.of(reply, request);
    int head = rendering.writes().get(0).length;
    int left = reply.isWhole() ? Integer.MAX_VALUE : Math.max(0, reply.cut() - head);
    if (reply.isWhole() || reply.cut() >= head) {
      pause(reply, 0);
      stream.writeHeaders(head(reply, rendering), false, true);
      BufferedSink sink = Okio.buffer(stream.getSink());
      List<byte[]> pieces =
          reply.pieces().isEmpty()
              ? List.of(rendering.body())
              : Rendering.split(rendering.body(), reply.pieces());
      for (int i = 0; i < pieces.size() && left > 0; i++) {
        pause(reply, i + 1);
        byte[] piece = pieces.get(i);
        sink.write(piece, 0, Math.min(left, piece.length));
        sink.flush();
        left -= Math.min(left, piece.length);
      }
      if (reply.isWhole()
          || reply.framing() == Reply.Framing.CLOSE && reply.end() == Reply.End.FIN) {
        sink.close();
        return;
      }
    }
    Thread.sleep(40);
    if (reply.end() == Reply.End.RESET) {
      stream.close(RESETS[reply.cut() % RESETS.length], null);
    } else {
      socket.close();
    }
  }

  private static List<Header> head(Reply reply, Rendering rendering) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header(":status", String.valueOf(reply.status())));
    for (String header : rendering.headers()) {
      int colon = header.indexOf(':');
      String name = header.substring(0, colon).toLowerCase(Locale.ROOT);
      if (!HTTP_1_ONLY.contains(name)) {
        headers.add(new Header(name, header.substring(colon + 1).trim()));
      }
    }
    return headers;
  }

  private static void pause(Reply reply, int write) throws InterruptedException {
    int[] delays = reply.delays();
    if (delays.length > 0) {
      int delay = delays[Math.min(write, delays.length - 1)];
      if (delay > 0) {
        Thread.sleep(delay);
      }
    }
  }
}
