package io.flyball.instrumentation.httpurlconnection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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

  private static void post(HttpURLConnection connection) throws Exception {
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
  }

  private static void write(HttpURLConnection connection, byte[] body) throws IOException {
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
  }

  private static void tellAnswer(HttpURLConnection connection, Seen seen) {
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
    all.put(
        "settings once writing",
        (c, body, seen) -> {
          post(c);
          OutputStream out = c.getOutputStream();
          tellLateSettings(c, seen);
          out.write(body);
          tellAnswer(c, seen);
        });
    all.put(
        "settings once connected",
        (c, body, seen) -> {
          post(c);
          c.connect();
          c.connect();
          tellLateSettings(c, seen);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "settings after the answer",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          seen.step(c::getResponseCode);
          tellLateSettings(c, seen);
        });
    all.put(
        "write after reading",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          seen.step(() -> text(c.getInputStream()));
          seen.step(() -> c.getOutputStream() != null);
        });
    all.put(
        "write after the body was closed",
        (c, body, seen) -> {
          post(c);
          OutputStream out = c.getOutputStream();
          out.write(body);
          out.close();
          out.write(1);
          seen.tell(c.getOutputStream() == out);
          tellAnswer(c, seen);
        });
    all.put(
        "headers before anything",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          seen.step(() -> c.getHeaderField("x-two"));
          seen.step(() -> c.getHeaderField((String) null));
          for (int n = -1; n < 7; n++) {
            int at = n;
            seen.step(() -> c.getHeaderFieldKey(at) + "=" + c.getHeaderField(at));
          }
          seen.step(() -> c.getHeaderFields().get("X-Two"));
          seen.step(() -> c.getHeaderFields().get(null));
          seen.step(() -> c.getHeaderFields().size());
          seen.step(c::getContentType);
          seen.step(c::getContentLength);
          seen.step(c::getContentEncoding);
          seen.step(c::getDate);
          seen.step(c::getExpiration);
          seen.step(c::getLastModified);
          seen.step(() -> c.getHeaderFieldInt("Content-Length", -7));
          seen.step(() -> text((InputStream) c.getContent()));
        });
    all.put(
        "no error stream before asking",
        (c, body, seen) -> {
          seen.tell(c.getErrorStream() == null);
          post(c);
          write(c, body);
          seen.tell(c.getErrorStream() == null);
          tellAnswer(c, seen);
        });
    all.put(
        "asked again and again",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          for (int i = 0; i < 3; i++) {
            seen.step(() -> asSetOf(c.getInputStream(), c.getInputStream()).size());
            seen.step(() -> asSetOf(c.getErrorStream(), c.getErrorStream()).size());
            seen.step(c::getResponseCode);
          }
        });
    all.put(
        "read after close",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          seen.step(
              () -> {
                c.getInputStream().close();
                return c.getInputStream().read();
              });
        });
    all.put(
        "disconnect before anything",
        (c, body, seen) -> {
          c.disconnect();
          post(c);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "disconnect between writing and reading",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          c.disconnect();
          tellAnswer(c, seen);
        });
    all.put(
        "disconnect after the head",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          seen.step(c::getResponseCode);
          c.disconnect();
          seen.step(c::getResponseCode);
          seen.step(() -> c.getErrorStream() == null);
          seen.step(() -> c.getHeaderField("x-two"));
        });
    all.put(
        "headers of the request",
        (c, body, seen) -> {
          post(c);
          c.addRequestProperty("X-Many", "1");
          c.addRequestProperty("x-many", "2");
          c.setRequestProperty("X-MANY", "3");
          c.setRequestProperty("Host", "elsewhere");
          c.setRequestProperty("Content-Length", "3");
          c.setRequestProperty("Connection", "close");
          c.setRequestProperty("Authorization", "Bearer x");
          c.setRequestProperty("User-Agent", "program");
          seen.tell(c.getRequestProperty("x-many") + c.getRequestProperty("Authorization"));
          seen.tell(new TreeMap<>(c.getRequestProperties()));
          seen.step(
              () -> {
                c.setRequestProperty(null, "x");
                return "set";
              });
          seen.step(
              () -> {
                c.setRequestProperty("a b\n", "x");
                return "set";
              });
          c.setUseCaches(false);
          c.setIfModifiedSince(1_000_000_000_000L);
          write(c, body);
          tellAnswer(c, seen);
          seen.step(() -> c.getRequestProperty("X-Many") + c.getRequestProperty("Accept"));
        });
    all.put(
        "a header without a value",
        (c, body, seen) -> {
          post(c);
          c.setRequestProperty("X-None", null);
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "expecting 100-continue",
        (c, body, seen) -> {
          post(c);
          c.setRequestProperty("Expect", "100-Continue");
          write(c, body);
          tellAnswer(c, seen);
        });
    all.put(
        "about itself",
        (c, body, seen) -> {
          seen.tell(c);
          seen.tell(c.getURL());
          seen.tell(c.usingProxy());
          seen.tell(c.getPermission());
          seen.tell(c.getConnectTimeout() + " " + c.getReadTimeout());
          seen.tell(c.getDoInput() + " " + c.getDoOutput() + " " + c.getUseCaches());
          seen.tell(c.getInstanceFollowRedirects() + " " + c.getAllowUserInteraction());
          seen.step(
              () -> {
                c.setReadTimeout(-1);
                return "set";
              });
          tellAnswer(c, seen);
          seen.tell(c.getURL());
        });
    all.put(
        "redirects not followed",
        (c, body, seen) -> {
          post(c);
          c.setInstanceFollowRedirects(false);
          write(c, body);
          tellAnswer(c, seen);
          seen.tell(c.getURL());
        });
    all.put(
        "redirects followed",
        (c, body, seen) -> {
          post(c);
          write(c, body);
          tellAnswer(c, seen);
          seen.tell(c.getURL() + " " + c.getRequestMethod());
        });
    all.put(
        "impatient",
        (c, body, seen) -> {
          post(c);
          c.setReadTimeout(5_000);
          c.setConnectTimeout(5_000);
          write(c, body);
          tellAnswer(c, seen);
        });
    return all;
  }

  private static void tellLateSettings(HttpURLConnection c, Seen seen) {
    seen.step(() -> set(() -> c.setRequestProperty("a", "b")));
    seen.step(() -> set(() -> c.addRequestProperty("a", "b")));
    seen.step(() -> c.getRequestProperty("Content-Type"));
    seen.step(() -> c.getRequestProperties().size());
    seen.step(
        () -> {
          c.setRequestMethod("PUT");
          return "set";
        });
    seen.step(() -> set(() -> c.setDoOutput(true)));
    seen.step(() -> set(() -> c.setDoInput(true)));
    seen.step(() -> set(() -> c.setUseCaches(true)));
    seen.step(() -> set(() -> c.setAllowUserInteraction(true)));
    seen.step(() -> set(() -> c.setIfModifiedSince(3)));
    seen.step(() -> set(() -> c.setChunkedStreamingMode(3)));
    seen.step(() -> set(() -> c.setFixedLengthStreamingMode(3)));
    seen.step(() -> set(() -> c.setFixedLengthStreamingMode(3L)));
    seen.step(() -> set(() -> c.setInstanceFollowRedirects(true)));
    seen.step(() -> set(() -> c.setReadTimeout(9_000)));
    seen.step(() -> set(() -> c.setConnectTimeout(9_000)));
  }

  private static String set(Runnable setter) {
    setter.run();
    return "set";
  }

  private static Set<Object> asSetOf(Object first, Object second) {
    Set<Object> same = Collections.newSetFromMap(new IdentityHashMap<Object, Boolean>());
    same.add(first);
    same.add(second);
    return same;
  }
}
