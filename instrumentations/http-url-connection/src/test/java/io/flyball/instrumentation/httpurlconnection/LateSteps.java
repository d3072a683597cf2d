package io.flyball.instrumentation.httpurlconnection;

import static io.flyball.instrumentation.httpurlconnection.Programs.post;
import static io.flyball.instrumentation.httpurlconnection.Programs.tellAnswer;
import static io.flyball.instrumentation.httpurlconnection.Programs.text;
import static io.flyball.instrumentation.httpurlconnection.Programs.write;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Programs that go on where most have ended: settings, headers and streams after their time. */
final class LateSteps {

  private LateSteps() {}

  static void addTo(Map<String, Programs.Program> all) {
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
  }

  private static void tellLateSettings(HttpURLConnection c, Programs.Seen seen) {
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
