package io.flyball.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Answers one request of the console. Stateless; safe for use by many threads. */
final class ConsoleHandler implements HttpHandler {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PLACE = "console";
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

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      protect(exchange.getResponseHeaders());
      answer(exchange);
    } catch (RuntimeException | Error e) {
      // Out of the thread it would reach the application's handler of uncaught exceptions.
      sources.errors().report(PLACE, e);
      send(exchange, 500, TEXT, utf8("internal error"));
    } finally {
      exchange.close();
    }
  }

  private static void protect(Headers headers) {
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cache-Control", "no-store");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    Headers request = exchange.getRequestHeaders();
    if (!access.isOwnHost(request.getFirst("Host"))) {
      send(exchange, 421, TEXT, utf8("this is not the console of that host"));
    } else if (method.equals("POST") && path.equals(RESET)) {
      reset(exchange, request);
    } else if (method.equals("POST") && path.equals(RELEASE)) {
      release(exchange, request);
    } else if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      send(exchange, 405, TEXT, utf8("this can only be read"));
    } else if (path.equals("/health")) {
      send(exchange, 200, JSON, utf8("{\"status\":\"up\"}"));
    } else if (path.equals("/metrics") && openMetrics) {
      send(exchange, 200, PROMETHEUS, utf8(sources.metrics()));
    } else if (access.isBearer(request.getFirst("Authorization"))
        || access.isInCookies(request.get("Cookie"))) {
      show(exchange, path);
    } else if (access.isInQuery(exchange.getRequestURI().getRawQuery())) {
      greet(exchange, path);
    } else {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      send(
          exchange,
          401,
          TEXT,
          utf8("the console's token is needed: as ?token= or as a bearer token"));
    }
  }

  /**
   * Whether the token came as a bearer token, without which nothing is changed: a page of somebody
   * else's can make a browser send its cookies.
   */
  private boolean mayChange(HttpExchange exchange, Headers request) throws IOException {
    if (access.isBearer(request.getFirst("Authorization"))) {
      return true;
    }
    exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    send(exchange, 401, TEXT, utf8("the console's token is needed as a bearer token"));
    return false;
  }

  /** Ends an anomaly, and with it that somebody is held back. */
  private void release(HttpExchange exchange, Headers request) throws IOException {
    if (!mayChange(exchange, request)) {
      return;
    }
    String id = named("id", exchange.getRequestURI().getRawQuery());
    if (id == null) {
      send(exchange, 400, TEXT, utf8("say which: ?id=ID, as /api/anomalies has it"));
      return;
    }
    boolean found = sources.anomalies().release(id);
    send(exchange, found ? 200 : 404, TEXT, utf8(found ? "released" : "no such anomaly lasts"));
  }

  /** Forgets what an account has spent. */
  private void reset(HttpExchange exchange, Headers request) throws IOException {
    if (!mayChange(exchange, request)) {
      return;
    }
    String account = named("account", exchange.getRequestURI().getRawQuery());
    if (account == null) {
      send(exchange, 400, TEXT, utf8("say which: ?account=NAME, as /api/budgets has it"));
      return;
    }
    boolean found = sources.ledger().reset(account);
    send(exchange, found ? 200 : 404, TEXT, utf8(found ? "reset" : "no such account"));
  }

  /** The only parameter of a query; null when it is another one. */
  private static String named(String parameter, String query) throws IOException {
    String name = parameter + '=';
    return query != null && query.startsWith(name)
        ? URLDecoder.decode(query.substring(name.length()), "UTF-8")
        : null;
  }

  /** A browser with the token in its address gets a cookie and an address without it. */
  private void greet(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/")) {
      exchange.getResponseHeaders().set("Set-Cookie", access.setCookie());
      exchange.getResponseHeaders().set("Location", "/");
      send(exchange, 302, TEXT, new byte[0]);
    } else {
      show(exchange, path);
    }
  }

  private void show(HttpExchange exchange, String path) throws IOException {
    switch (path) {
      case "/":
        send(exchange, 200, "text/html; charset=utf-8", resource("console.html"));
        break;
      case "/console.js":
        send(exchange, 200, "text/javascript; charset=utf-8", resource("console.js"));
        break;
      case "/console.css":
        send(exchange, 200, "text/css; charset=utf-8", resource("console.css"));
        break;
      case "/metrics":
        send(exchange, 200, PROMETHEUS, utf8(sources.metrics()));
        break;
      case "/api/calls":
        send(exchange, 200, JSON, json.calls());
        break;
      case "/api/summary":
        send(exchange, 200, JSON, json.summary());
        break;
      case "/api/breakers":
        send(exchange, 200, JSON, json.breakers());
        break;
      case "/api/budgets":
        send(exchange, 200, JSON, json.budgets());
        break;
      case "/api/limits":
        send(exchange, 200, JSON, json.limits());
        break;
      case "/api/anomalies":
        send(exchange, 200, JSON, json.anomalies());
        break;
      case "/api/clients":
        send(exchange, 200, JSON, json.clients());
        break;
      case "/api/config":
        send(exchange, 200, TEXT, utf8(sources.configuration()));
        break;
      default:
        send(exchange, 404, TEXT, utf8("not found"));
        break;
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD") || body.length == 0) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
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
