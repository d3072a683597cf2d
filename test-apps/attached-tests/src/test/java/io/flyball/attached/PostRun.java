package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Requests of one program in one JVM, each answered by a script of its own, and two hosts for them:
 * the providers that the program asks, and where calls can be sent instead. A request's name is in
 * its prompt.
 */
final class PostRun implements Closeable {
  static final String KEY = "sk-given-for-the-primary";
  static final String FALLBACK_KEY = "sk-given-for-the-fallback";
  private static final String END = "/end";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path requests;
  private final Path events;
  private final Map<String, IntFunction<Answer>> scripts = new ConcurrentHashMap<>();
  private final List<Arrival> atPrimary = new CopyOnWriteArrayList<>();
  private final List<Arrival> atFallback = new CopyOnWriteArrayList<>();
  private final FakeProvider openAi;
  private final FakeProvider anthropic;
  private final FakeProvider fallback;
  private final List<JsonNode> lines = new ArrayList<>();
  private int calls;
  private PostClient client;
  private JavaProcess program;

  PostRun(Path folder) throws IOException {
    this.requests = Files.createDirectory(folder.resolve("requests"));
    this.events = folder.resolve("events.jsonl");
    this.openAi = FakeProvider.start(0, request -> scripted(request));
    this.anthropic = FakeProvider.start(0, request -> scripted(request));
    this.fallback =
        FakeProvider.start(
            0,
            request -> {
              atFallback.add(new Arrival(request));
              return FallbackAnswers.to(request);
            });
  }

  private synchronized Answer scripted(RecordedRequest request) {
    if (request.path().equals(END)) {
      return Farewell.after(events, calls);
    }
    String name = nameIn(request);
    int number = arrivals(atPrimary, name).size() + 1;
    atPrimary.add(new Arrival(request));
    return scripts.get(name).apply(number);
  }

  private static String nameIn(RecordedRequest request) {
    String body = request.bodyText();
    int start = body.indexOf("Case ");
    return body.substring(start + 5, body.indexOf(':', start));
  }

  /**
   * A chat completion.
   *
   * @param script what the provider answers the first, second... attempt
   * @param headers alternating names and values
   */
  PostRun chat(String name, boolean stream, IntFunction<Answer> script, String... headers)
      throws IOException {
    return openAi(name, "chat/completions", chatBody(name, stream, ""), script, headers);
  }

  static String chatBody(String name, boolean stream, String moreText) {
    return "{\"model\":\"model-of-"
        + name
        + "\",\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Case "
        + name
        + ": say it."
        + moreText
        + "\"}]}";
  }

  /** A request to the provider of OpenAI's form; its prompt must have {@code Case name:} in it. */
  PostRun openAi(
      String name, String path, String body, IntFunction<Answer> script, String... headers)
      throws IOException {
    return write(
        name, openAi.url() + "/v1/" + path, body, script, "Authorization: Bearer " + KEY, headers);
  }

  /**
   * A request to the provider of Anthropic's form; its prompt must have {@code Case name:} in it.
   */
  PostRun anthropic(String name, String body, IntFunction<Answer> script, String... headers)
      throws IOException {
    return write(
        name,
        anthropic.url() + "/v1/messages",
        body,
        script,
        "x-api-key: " + KEY + "\nanthropic-version: 2023-06-01",
        headers);
  }

  private PostRun write(
      String name,
      String url,
      String body,
      IntFunction<Answer> script,
      String credential,
      String... headers)
      throws IOException {
    StringBuilder text = new StringBuilder(url).append("\nContent-Type: application/json\n");
    text.append(credential).append('\n');
    calls++;
    for (int i = 0; i < headers.length; i += 2) {
      calls += headers[i].equals("run-times") ? Integer.parseInt(headers[i + 1]) - 1 : 0;
      text.append(headers[i]).append(": ").append(headers[i + 1]).append('\n');
    }
    Files.writeString(requests.resolve(name), text.append('\n').append(body));
    scripts.put(name, script);
    return this;
  }

  /** Sends them all. Properties are given without {@code flyball.}. */
  PostRun run(PostClient asking, Jdk jdk, String... properties) throws IOException {
    List<String> jvm = new ArrayList<>(Arrays.asList(TrafficClient.agent("govern", events)));
    jvm.add("-Dflyball.endpoint.openai.url=" + openAi.url());
    jvm.add("-Dflyball.endpoint.openai.protocol=openai");
    jvm.add("-Dflyball.endpoint.anthropic.url=" + anthropic.url());
    jvm.add("-Dflyball.endpoint.anthropic.protocol=anthropic");
    for (String property : properties) {
      jvm.add("-Dflyball." + property);
    }
    client = asking;
    program =
        asking.program(jdk, requests, openAi.url() + END).jvm(jvm.toArray(String[]::new)).start();
    program.await(3, TimeUnit.MINUTES);
    assertThat(program.exitCode()).as(program::describe).isZero();
    for (String line : program.out().split("\n")) {
      if (line.startsWith("{")) {
        lines.add(JSON.readTree(line));
      }
    }
    return this;
  }

  /** The properties of a target named {@code fb}: the other host. */
  String[] withFallback(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "target.fb.url=" + fallback.url() + "/v1",
                "target.fb.protocol=openai",
                "target.fb.model=fallback-model",
                "target.fb.api-key=" + FALLBACK_KEY,
                "target.fb.context-window=1000000",
                "fallback.chain=fb"));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  PostClient client() {
    return client;
  }

  JavaProcess program() {
    return program;
  }

  /** What a request brought back, as often as it was sent. */
  List<JsonNode> results(String name) {
    return lines.stream()
        .filter(line -> line.path("post").asText().equals(name))
        .collect(Collectors.toList());
  }

  JsonNode result(String name) {
    return results(name).get(0);
  }

  /** The attempts of a request at its own provider. */
  List<Arrival> primary(String name) {
    return arrivals(atPrimary, name);
  }

  /** The attempts of a request at the fallback. */
  List<Arrival> fallback(String name) {
    return arrivals(atFallback, name);
  }

  /** The call's line in the event file. */
  JsonNode event(String name) throws IOException {
    for (JsonNode event : CallEvents.read(events).all()) {
      if (event.path("request_model").asText().equals("model-of-" + name)) {
        return event;
      }
    }
    throw new AssertionError("no event of " + name + program.describe());
  }

  CallEvents events() throws IOException {
    return CallEvents.read(events);
  }

  List<FakeProvider> hosts() {
    return List.of(openAi, anthropic, fallback);
  }

  /** The provider's end of the connection that an attempt came over. */
  io.flyball.instrumentation.testing.provider.Wire wire(Arrival arrival) {
    return openAi.connections().get(arrival.request.connection());
  }

  private static List<Arrival> arrivals(List<Arrival> all, String name) {
    return all.stream()
        .filter(arrival -> nameIn(arrival.request).equals(name))
        .collect(Collectors.toList());
  }

  /** Requests that reached the wrong host with a key, or the fallback without its own. */
  List<String> strayKeys() {
    List<String> stray = new ArrayList<>();
    for (Arrival arrival : atPrimary) {
      if (arrival.request.rawText().contains(FALLBACK_KEY)) {
        stray.add("primary: " + arrival.request.headerLines());
      }
    }
    for (Arrival arrival : atFallback) {
      String raw = arrival.request.rawText();
      if (raw.contains(KEY) || !raw.contains("Bearer " + FALLBACK_KEY)) {
        stray.add("fallback: " + arrival.request.headerLines());
      }
    }
    return stray;
  }

  /** What came back and what was sent for a request, for an assertion's message. */
  String describe(String name) {
    StringBuilder text = new StringBuilder(name);
    for (JsonNode result : results(name)) {
      String line = result.toString();
      text.append("\n  result ").append(line, 0, Math.min(line.length(), 2000));
    }
    primary(name).forEach(arrival -> text.append("\n  primary ").append(arrival));
    fallback(name).forEach(arrival -> text.append("\n  fallback ").append(arrival));
    return text.append("\n  log ").append(program.err()).toString();
  }

  @Override
  public void close() throws IOException {
    if (program != null) {
      program.close();
    }
    for (FakeProvider host : hosts()) {
      host.close();
    }
  }

  /** A request and when it came. */
  static final class Arrival {
    private final RecordedRequest request;
    private final long nanos = System.nanoTime();

    private Arrival(RecordedRequest request) {
      this.request = request;
    }

    RecordedRequest request() {
      return request;
    }

    /** Milliseconds from another one to this. */
    long millisAfter(Arrival other) {
      return TimeUnit.NANOSECONDS.toMillis(nanos - other.nanos);
    }

    @Override
    public String toString() {
      return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms " + request + ' ' + request.headerLines();
    }
  }
}
