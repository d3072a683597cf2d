package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Threads that spend money at once, for two tenants in turn; prints how often it saw what.
 *
 * <p>Arguments: base URL, threads, calls of all threads together, kinds of calls that are made in
 * turn: {@code leave} reads one line of a stream, {@code give-up} cancels before there is an
 * answer, {@code late} has a client that waits a moment only, {@code stream} reads a stream, any
 * other reads an answer. A kind is also the path and the model.
 */
public final class Spenders {
  private static final MediaType JSON = MediaType.parse("application/json");

  private final OkHttpClient patient =
      new OkHttpClient.Builder()
          .readTimeout(2, TimeUnit.MINUTES)
          .retryOnConnectionFailure(false)
          .build();
  private final OkHttpClient impatient =
      patient.newBuilder().readTimeout(150, TimeUnit.MILLISECONDS).build();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
  private final Map<String, Integer> seen = new TreeMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final String url;
  private final String[] kinds;

  private Spenders(String url, String[] kinds) {
    this.url = url;
    this.kinds = kinds;
  }

  public static void main(String[] arguments) throws Exception {
    Spenders spenders = new Spenders(arguments[0], arguments[3].split(","));
    spenders.spend(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    spenders.seen.forEach((what, count) -> System.out.println(what + " = " + count));
    System.out.println("spent");
    try (InputStream end = new URL(arguments[0] + "/end").openStream()) {
      end.read();
    }
    System.exit(0);
  }

  private void spend(int threads, int calls) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(threads);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                ready.countDown();
                await(ready);
                for (int call = next.getAndIncrement();
                    call < calls;
                    call = next.getAndIncrement()) {
                  saw(kinds[call % kinds.length], call % 2 == 0 ? "even" : "odd");
                }
              });
      all.add(thread);
      thread.start();
    }
    for (Thread thread : all) {
      thread.join();
    }
  }

  private static void await(CountDownLatch ready) {
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void saw(String kind, String tenant) {
    String end = kind + ' ' + ask(kind, tenant);
    synchronized (seen) {
      seen.merge(end, 1, Integer::sum);
    }
  }

  private String ask(String kind, String tenant) {
    boolean stream = kind.equals("stream") || kind.equals("leave");
    String json =
        "{\"model\":\""
            + kind
            + "\",\"stream\":"
            + stream
            + ",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"Hello.\"}]}";
    Request request =
        new Request.Builder()
            .url(url + '/' + kind + "/v1/chat/completions")
            .header("x-flyball-tenant", tenant)
            .post(RequestBody.create(JSON, json))
            .build();
    Call call = (kind.equals("late") ? impatient : patient).newCall(request);
    Future<?> cancelling =
        kind.equals("give-up") ? clock.schedule(call::cancel, 60, TimeUnit.MILLISECONDS) : null;
    try (Response response = call.execute()) {
      Reply reply = new Reply(response.code(), response.body().byteStream(), response);
      if (kind.equals("leave")) {
        reply.readLine();
      } else {
        reply.drain();
      }
      return String.valueOf(response.code());
    } catch (IOException e) {
      return "exception";
    } finally {
      if (cancelling != null) {
        cancelling.cancel(false);
      }
    }
  }
}
