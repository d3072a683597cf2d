package io.flyball.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers one request of the console. Stateless; safe for use by many threads. */
final class ConsoleHandler {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PLACE = "console";
  private static final String API = "/api/";
  private static final String RESET = "/api/budgets/reset";
  private static final String RELEASE = "/api/anomalies/release";

  private final Access access;
  private final boolean openMetrics;
  private final ConsoleSources sources;
  private final ConsoleJson json;

  ConsoleHandler(Access access, boolean openMetrics, ConsoleSources sources) {
    this.access = access;
    this.openMetrics = openMetrics;
    this.sources = sources;
    this.json = new ConsoleJson(sources);
  }

  /** Answers; failures inside are an answer, too. */
  HttpReply answer(HttpRequest request) {
    try {
      return answered(request);
    } catch (IOException | RuntimeException | Error e) {
      // Out of the thread it would reach the application's handler of uncaught exceptions.
      failed(e);
      return HttpReply.text(500, "internal error");
    }
  }

  /** Counts a failure of the console's own, where that can be done. */
  void failed(Throwable failure) {
    try {
      sources.errors().report(PLACE, failure);
    } catch (RuntimeException | Error alsoFailed) {
      // With no memory left nothing can be said, and nobody is to hear of it in another way.
      return;
    }
  }

  /** Whether the answer is there at once. */
  boolean isQuick(HttpRequest request) {
    return request.path().equals("/health");
  }

  private HttpReply answered(HttpRequest request) throws IOException {
    String method = request.method();
    String path = request.path();
    List<String> hosts = request.headers("host");
    // A load balancer that speaks HTTP/1.0 names none; a browser, which alone can be led, does.
    boolean needsNone = hosts.isEmpty() && path.equals("/health");
    if (!needsNone && (hosts.size() != 1 || !access.isOwnHost(hosts.get(0)))) {
      return HttpReply.text(421, "this is not the console of that host");
    }
    if (method.equals("POST") && path.equals(RESET)) {
      return reset(request);
    }
    if (method.equals("POST") && path.equals(RELEASE)) {
      return release(request);
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return HttpReply.text(405, "this can only be read").with("Allow", "GET, HEAD");
    }
    if (path.equals("/health")) {
      return new HttpReply(200, JSON, utf8("{\"status\":\"up\"}"));
    }
    if (path.equals("/metrics") && openMetrics) {
      return show(path);
    }
    if (access.isBearer(request.header("authorization"))
        || access.isInCookies(request.headers("cookie"))) {
      return show(path);
    }
    if (access.isInQuery(request.query())) {
      return greet(path);
    }
    return tokenNeeded("the console's token is needed: as ?token= or as a bearer token");
  }

  private static HttpReply tokenNeeded(String how) {
    return HttpReply.text(401, how).with("WWW-Authenticate", "Bearer");
  }

  /**
   * Null when the token came as a bearer token, without which nothing is changed: a page of
   * somebody else's can make a browser send its cookies.
   */
  private HttpReply mayNotChange(HttpRequest request) {
    return access.isBearer(request.header("authorization"))
        ? null
        : tokenNeeded("the console's token is needed as a bearer token");
  }

  /** Ends an anomaly, and with it that somebody is held back. */
  private HttpReply release(HttpRequest request) throws IOException {
    HttpReply no = mayNotChange(request);
    if (no != null) {
      return no;
    }
    String id = named("id", request.query());
    if (id == null) {
      return HttpReply.text(400, "say which: ?id=ID, as /api/anomalies has it");
    }
    boolean found = sources.anomalies().release(id);
    return HttpReply.text(found ? 200 : 404, found ? "released" : "no such anomaly lasts");
  }

  /** Forgets what an account has spent. */
  private HttpReply reset(HttpRequest request) throws IOException {
    HttpReply no = mayNotChange(request);
    if (no != null) {
      return no;
    }
    String account = named("account", request.query());
    if (account == null) {
      return HttpReply.text(400, "say which: ?account=NAME, as /api/budgets has it");
    }
    boolean found = sources.ledger().reset(account);
    return HttpReply.text(found ? 200 : 404, found ? "reset" : "no such account");
  }

  /** The only parameter of a query; null when it is another one. */
  private static String named(String parameter, String query) throws IOException {
    String name = parameter + '=';
    return query != null && query.startsWith(name)
        ? URLDecoder.decode(query.substring(name.length()), "UTF-8")
        : null;
  }

  /** A browser with the token in its address gets a cookie and an address without it. */
  private HttpReply greet(String path) throws IOException {
    return path.equals("/")
        ? new HttpReply(302, HttpReply.TEXT, new byte[0])
            .with("Set-Cookie", access.setCookie())
            .with("Location", "/")
        : show(path);
  }

  private HttpReply show(String path) throws IOException {
    switch (path) {
      case "/":
        return new HttpReply(200, "text/html; charset=utf-8", resource("console.html"));
      case "/console.js":
        return new HttpReply(200, "text/javascript; charset=utf-8", resource("console.js"));
      case "/console.css":
        return new HttpReply(200, "text/css; charset=utf-8", resource("console.css"));
      case "/metrics":
        return new HttpReply(200, PROMETHEUS, utf8(sources.metrics()));
      case "/api/calls":
        return new HttpReply(200, JSON, json.calls());
      case "/api/summary":
        return new HttpReply(200, JSON, json.summary());
      case "/api/views":
        return new HttpReply(200, JSON, json.views());
      case "/api/budgets":
        return new HttpReply(200, JSON, json.budgets());
      case "/api/limits":
        return new HttpReply(200, JSON, json.limits());
      case "/api/anomalies":
        return new HttpReply(200, JSON, json.anomalies());
      case "/api/clients":
        return new HttpReply(200, JSON, json.clients());
      case "/api/config":
        return new HttpReply(200, HttpReply.TEXT, utf8(sources.configuration()));
      default:
        byte[] view = path.startsWith(API) ? json.view(path.substring(API.length())) : null;
        return view == null ? HttpReply.text(404, "not found") : new HttpReply(200, JSON, view);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ConsoleHandler.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8_192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      return out.toByteArray();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
