package io.flyball.instrumentation.httpurlconnection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Small programs over one connection; each tells what it saw. */
final class Programs {

  /** One program. */
  interface Program {
    void run(HttpURLConnection connection, byte[] body, Seen seen) throws Exception;
  }

  /** What a program saw, line by line. */
  static final class Seen {
    private final StringBuilder lines = new StringBuilder();

    void tell(Object what) {
      lines.append(what).append('\n');
    }

    /** Tells the result or the exception of one step, and goes on either way. */
    void step(Step step) {
      try {
        tell(step.run());
      } catch (Exception thrown) {
        tell(thrown.getClass().getName() + ": " + thrown.getMessage() + causeOf(thrown));
      }
    }

    private static String causeOf(Throwable thrown) {
      return thrown.getCause() == null ? "" : " <- " + thrown.getCause().getClass().getName();
    }

    @Override
    public String toString() {
      return lines.toString();
    }
  }

  /** One step of a program. */
  interface Step {
    Object run() throws Exception;
  }

  private Programs() {}

  static String text(InputStream in) throws IOException {
    if (in == null) {
      return "no stream";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[512];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      bytes.write(buffer, 0, count);
    }
    in.close();
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }

  static void post(HttpURLConnection connection) throws Exception {
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
  }

  static void write(HttpURLConnection connection, byte[] body) throws IOException {
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
  }

  static void tellAnswer(HttpURLConnection connection, Seen seen) {
    seen.step(connection::getResponseCode);
    seen.step(connection::getResponseMessage);
    seen.step(() -> text(connection.getInputStream()));
    seen.step(() -> text(connection.getErrorStream()));
  }

  /** By name. */
  static Map<String, Program> all() {
    Map<String, Program> all = new LinkedHashMap<>();
    all.put("get", (c, body, seen) -> tellAnswer(c, seen));
    all.put(
        "head",
        (c, body, seen) -> {
          c.setRequestMethod("HEAD");
          tellAnswer(c, seen);
        });
    for (String method : new String[] {"PUT", "DELETE", "OPTIONS", "TRACE"}) {
      all.put(
          method.toLowerCase(Locale.ROOT),
          (c, body, seen) -> {
            c.setRequestMethod(method);
            c.setDoOutput(true);
            seen.step(
                () -> {
                  write(c, body);
                  return "written";
                });
            tellAnswer(c, seen);
          });
    }
    all.put(
        "post of nothing, written to after it was read",
        (c, body, seen) -> {
          post(c);
          seen.step(() -> text(c.getInputStream()));
          seen.step(c::getOutputStream);
          seen.step(c::getResponseCode);
          seen.step(c::getResponseMessage);
        });
    all.put(
        "post",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "output turns GET into POST",
        (c, body, seen) -> {
          c.setDoOutput(true);
          seen.tell(c.getRequestMethod());
          write(c, body);
          seen.tell(c.getRequestMethod());
          tellAnswer(c, seen);
        });
    all.put(
        "output allowed and not used",
        (c, body, seen) -> {
          c.setDoOutput(true);
          tellAnswer(c, seen);
        });
    all.put(
        "post without a body",
        (c, body, seen) -> {
          post(c);
          tellAnswer(c, seen);
        });
    all.put(
        "empty body",
        (c, body, seen) -> {
          post(c);
          c.getOutputStream();
          tellAnswer(c, seen);
        });
    all.put(
        "output not allowed",
        (c, body, seen) -> {
          seen.step(c::getOutputStream);
          seen.step(c::getOutputStream);
          seen.step(
              () -> {
                c.setRequestProperty("x", "y");
                return "set";
              });
          tellAnswer(c, seen);
        });
    all.put(
        "input not allowed",
        (c, body, seen) -> {
          post(c);
          c.setDoInput(false);
          write(c, body);
          seen.step(c::getInputStream);
        });
    all.put(
        "patch is refused",
        (c, body, seen) -> {
          seen.step(
              () -> {
                c.setRequestMethod("PATCH");
                return "set";
              });
          seen.tell(c.getRequestMethod());
          tellAnswer(c, seen);
        });
    all.put(
        "patch by reflection",
        (c, body, seen) -> {
          seen.step(
              () -> {
                Field method = HttpURLConnection.class.getDeclaredField("method");
                try {
                  method.setAccessible(true);
                } catch (RuntimeException closed) {
                  return "closed";
                }
                method.set(c, "PATCH");
                return c.getRequestMethod();
              });
          c.setDoOutput(true);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "method twice, last wins",
        (c, body, seen) -> {
          c.setRequestMethod("PUT");
          post(c);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "chunked",
        (c, body, seen) -> {
          post(c);
          c.setChunkedStreamingMode(16);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "chunked with default size, many writes and flushes",
        (c, body, seen) -> {
          post(c);
          c.setChunkedStreamingMode(0);
          OutputStream out = c.getOutputStream();
          for (int i = 0; i < body.length; i++) {
            out.write(body[i]);
            if (i % 10 == 9) {
              out.flush();
              out.flush();
            }
          }
          out.close();
          seen.step(
              () -> {
                out.write(1);
                return "written";
              });
          tellAnswer(c, seen);
        });
    all.put(
        "chunked, never closed",
        (c, body, seen) -> {
          post(c);
          c.setChunkedStreamingMode(64);
          c.getOutputStream().write(body);
          tellAnswer(c, seen);
        });
    all.put(
        "chunked, never written",
        (c, body, seen) -> {
          post(c);
          c.setChunkedStreamingMode(64);
          tellAnswer(c, seen);
        });
    all.put(
        "fixed length",
        (c, body, seen) -> {
          post(c);
          c.setFixedLengthStreamingMode(body.length);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "fixed length, long",
        (c, body, seen) -> {
          post(c);
          c.setFixedLengthStreamingMode((long) body.length);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "fixed length, too much",
        (c, body, seen) -> {
          post(c);
          c.setFixedLengthStreamingMode(body.length - 3);
          OutputStream out = c.getOutputStream();
          seen.step(
              () -> {
                out.write(body, 0, 10);
                out.write(body, 10, body.length - 10);
                return "written";
              });
        });
    all.put(
        "fixed length, too little",
        (c, body, seen) -> {
          post(c);
          c.setFixedLengthStreamingMode(body.length + 3);
          OutputStream out = c.getOutputStream();
          out.write(body);
          seen.step(
              () -> {
                out.close();
                return "closed";
              });
          seen.step(c::getInputStream);
        });
    all.put(
        "fixed length, too little, never closed",
        (c, body, seen) -> {
          post(c);
          c.setFixedLengthStreamingMode(body.length + 3);
          c.getOutputStream().write(body);
          seen.step(c::getInputStream);
        });
    all.put(
        "modes exclude each other",
        (c, body, seen) -> {
          post(c);
          c.setChunkedStreamingMode(10);
          seen.step(
              () -> {
                c.setFixedLengthStreamingMode(3);
                return "set";
              });
          seen.step(
              () -> {
                c.setFixedLengthStreamingMode(-3L);
                return "set";
              });
          write(c, body);
          tellAnswer(c, seen);
        });
    LateSteps.addTo(all);
    return all;
  }
}
