package io.flyball.benchmarks;

import com.example.assistant.Caller;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Calls an upstream in a closed loop on one thread and prints one line: median and 99th percentile
 * in microseconds, bytes allocated per call on all threads that live, CPU microseconds of the
 * process per call, and how often a thread of the process went to wait per call (on Linux; else 0).
 *
 * <p>Between the client and the application stand 40 frames of a library, and under the application
 * a hundred of its own.
 *
 * <p>Arguments: client, URL, {@code plain} or {@code stream}, calls to warm up, calls to count.
 */
public final class Worker {
  private static final String PROMPT =
      "How do I change the language of the mobile app? ".repeat(20);

  private static final int LIBRARY_FRAMES = 40;

  private Worker() {}

  private interface Client {
    long call() throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments[1];
    byte[] body =
        ("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + PROMPT
                + "\"}]"
                + (arguments[2].equals("stream") ? ",\"stream\":true}" : "}"))
            .getBytes(StandardCharsets.UTF_8);
    Client client = client(arguments[0], url, body);
    LongSupplier library = throughLibrary(client);
    Caller.run(() -> measure(library, arguments));
    System.exit(0);
  }

  /** The client under the frames of a library. */
  private static LongSupplier throughLibrary(Client client) {
    Function<Client, Long> through =
        called -> {
          try {
            return called.call();
          } catch (Exception failure) {
            throw new IllegalStateException(failure);
          }
        };
    for (int i = 0; i < LIBRARY_FRAMES; i++) {
      through = through.compose(UnaryOperator.identity());
    }
    Function<Client, Long> outermost = through;
    return () -> outermost.apply(client);
  }

  private static void measure(LongSupplier library, String[] arguments) {
    int warmUp = Integer.parseInt(arguments[3]);
    int counted = Integer.parseInt(arguments[4]);
    long received = 0;
    for (int i = 0; i < warmUp; i++) {
      received += Caller.ask(library);
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] nanos = new long[counted];
    long waits = waits();
    long cpu = system.getProcessCpuTime();
    long allocated = allocated(threads);
    for (int i = 0; i < counted; i++) {
      long start = System.nanoTime();
      received += Caller.ask(library);
      nanos[i] = System.nanoTime() - start;
    }
    allocated = allocated(threads) - allocated;
    cpu = system.getProcessCpuTime() - cpu;
    waits = waits() - waits;
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "result %.2f %.2f %d %.2f %.2f %d%n",
        nanos[counted / 2] / 1e3,
        nanos[counted * 99 / 100] / 1e3,
        allocated / counted,
        cpu / 1e3 / counted,
        (double) waits / counted,
        received);
  }

  private static long allocated(ThreadMXBean threads) {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Voluntary context switches of all threads that live. */
  private static long waits() {
    Path tasks = Paths.get("/proc/self/task");
    if (!Files.isDirectory(tasks)) {
      return 0;
    }
    long sum = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        try {
          for (String line : Files.readAllLines(thread.resolve("status"))) {
            if (line.startsWith("voluntary_ctxt_switches:")) {
              sum += Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
            }
          }
        } catch (NoSuchFileException ended) {
          // What a thread that is gone did is not counted.
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return sum;
  }

  private static Client client(String name, String url, byte[] body) {
    switch (name) {
      case "okhttp":
        OkHttpClient okHttp = new OkHttpClient();
        MediaType json = MediaType.parse("application/json");
        return () -> {
          Request request =
              new Request.Builder().url(url).post(RequestBody.create(json, body)).build();
          try (Response response = okHttp.newCall(request).execute()) {
            return drain(response.body().byteStream());
          }
        };
      case "java.net.http":
        HttpClient jdk = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return () -> {
          HttpRequest request =
              HttpRequest.newBuilder(URI.create(url))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build();
          HttpResponse<InputStream> response =
              jdk.send(request, HttpResponse.BodyHandlers.ofInputStream());
          return drain(response.body());
        };
      case "http-url-connection":
        return () -> {
          HttpURLConnection connection =
              (HttpURLConnection) URI.create(url).toURL().openConnection();
          connection.setDoOutput(true);
          connection.setRequestProperty("Content-Type", "application/json");
          try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
          }
          return drain(connection.getInputStream());
        };
      default:
        throw new IllegalArgumentException("unknown client " + name);
    }
  }

  private static long drain(InputStream in) throws Exception {
    byte[] buffer = new byte[8192];
    long total = 0;
    try (InputStream source = in) {
      for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
        total += n;
      }
    }
    return total;
  }
}
