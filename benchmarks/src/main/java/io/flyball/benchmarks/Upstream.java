package io.flyball.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The cheapest provider there can be: a keep-alive HTTP/1.1 server with two canned answers, a chat
 * completion of some 600 bytes and a stream of 100 chunks, each with as many headers as OpenAI
 * sends. Prints its port and serves until killed.
 */
public final class Upstream {
  /** With the two that each answer has of its own there are 26, of the usual lengths. */
  private static final String HEADERS =
      "Date: Mon, 30 Nov 2026 12:00:00 GMT\r\n"
          + "Connection: keep-alive\r\n"
          + "access-control-expose-headers: X-Request-ID\r\n"
          + "openai-organization: org-benchmarks\r\n"
          + "openai-processing-ms: 412\r\n"
          + "openai-project: proj_0123456789abcdefghijklmn\r\n"
          + "openai-version: 2020-10-01\r\n"
          + "x-envoy-upstream-service-time: 431\r\n"
          + "x-ratelimit-limit-requests: 10000\r\n"
          + "x-ratelimit-limit-tokens: 2000000\r\n"
          + "x-ratelimit-remaining-requests: 9999\r\n"
          + "x-ratelimit-remaining-tokens: 1999794\r\n"
          + "x-ratelimit-reset-requests: 6ms\r\n"
          + "x-ratelimit-reset-tokens: 6ms\r\n"
          + "x-request-id: req_0123456789abcdef0123456789abcdef\r\n"
          + "x-openai-proxy-wasm: v0.1\r\n"
          + "cf-cache-status: DYNAMIC\r\n"
          + "Set-Cookie: __cf_bm=0123456789abcdef.ghijklmnop-1795000000-1.0.1.1-qrstuvwxyz;"
          + " path=/; HttpOnly; Secure; SameSite=None\r\n"
          + "Set-Cookie: _cfuvid=0123456789abcdef-1795000000000-0.0.1.1-604800000;"
          + " path=/; HttpOnly; Secure; SameSite=None\r\n"
          + "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload\r\n"
          + "X-Content-Type-Options: nosniff\r\n"
          + "Server: cloudflare\r\n"
          + "CF-RAY: 0123456789abcdef-FRA\r\n"
          + "alt-svc: h3=\":443\"; ma=86400\r\n";

  private static final byte[] PLAIN = plain();
  private static final byte[] STREAM = stream(100);

  private Upstream() {}

  public static void main(String[] arguments) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
      System.out.println(server.getLocalPort());
      while (true) {
        Socket connection = server.accept();
        connection.setTcpNoDelay(true);
        Thread thread = new Thread(() -> serve(connection), "connection");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private static void serve(Socket connection) {
    byte[] buffer = new byte[65_536];
    try (Socket open = connection;
        InputStream in = new BufferedInputStream(open.getInputStream(), 65_536);
        OutputStream out = open.getOutputStream()) {
      while (true) {
        int length = contentLength(in);
        if (length < 0) {
          return;
        }
        boolean stream = false;
        int read = 0;
        while (read < length) {
          int n = in.read(buffer, read, Math.min(buffer.length, length) - read);
          if (n < 0) {
            return;
          }
          read += n;
        }
        stream =
            new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains("\"stream\":true");
        out.write(stream ? STREAM : PLAIN);
        out.flush();
      }
    } catch (IOException closed) {
      // The client is done.
    }
  }

  /** Reads a request head; -1 at the end of the connection. */
  private static int contentLength(InputStream in) throws IOException {
    int length = 0;
    StringBuilder line = new StringBuilder(128);
    boolean any = false;
    while (true) {
      int c = in.read();
      if (c < 0) {
        return -1;
      }
      if (c == '\n') {
        if (line.length() == 0 && any) {
          return length;
        }
        String text = line.toString();
        if (text.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(text.substring(15).trim());
        }
        any = true;
        line.setLength(0);
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
  }

  private static byte[] plain() {
    String text = "The quick brown fox jumps over the lazy dog. ".repeat(5);
    String body =
        "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1795000000,"
            + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
            + "\"assistant\",\"content\":\""
            + text
            + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{"
            + "\"prompt_tokens\":120,\"completion_tokens\":50,\"total_tokens\":170}}";
    return ("HTTP/1.1 200 OK\r\n"
            + HEADERS
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] stream(int chunks) {
    StringBuilder body =
        new StringBuilder(
            "HTTP/1.1 200 OK\r\n"
                + HEADERS
                + "Content-Type: text/event-stream\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < chunks; i++) {
      chunk(
          body, "{\"index\":0,\"delta\":{\"content\":\"word" + i + " \"},\"finish_reason\":null}");
    }
    chunk(body, "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}");
    append(body, "data: [DONE]\n\n");
    return body.append("0\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void chunk(StringBuilder body, String choice) {
    append(
        body,
        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1795000000,"
            + "\"model\":\"gpt-4o-mini\",\"choices\":["
            + choice
            + "]}\n\n");
  }

  private static void append(StringBuilder body, String event) {
    body.append(Integer.toHexString(event.length())).append("\r\n").append(event).append("\r\n");
  }
}
