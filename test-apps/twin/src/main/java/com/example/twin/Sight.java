package com.example.twin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Collects what the application sees of one call, also when it breaks off in the middle. */
final class Sight {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<String[]> headers = new ArrayList<>();
  private int status;

  void status(int value) {
    status = value;
  }

  void headers(Map<String, List<String>> all) {
    all.forEach(
        (name, values) -> {
          if (name != null) {
            values.forEach(value -> header(name, value));
          }
        });
  }

  void header(String name, String value) {
    headers.add(new String[] {name.toLowerCase(Locale.ROOT), value});
  }

  void text(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(byte[] bytes) {
    body.write(bytes, 0, bytes.length);
  }

  /** Reads to the end; what came before a failure is kept. */
  void drain(InputStream in) throws IOException {
    if (in == null) {
      return;
    }
    try (in) {
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        body.write(buffer, 0, n);
      }
    }
  }

  /**
   * @param thrown null when the answer ended as answers end
   */
  Outcome outcome(long id, Throwable thrown, long millis) {
    Throwable top = thrown;
    while ((top instanceof ExecutionException || top instanceof CompletionException)
        && top.getCause() != null) {
      top = top.getCause();
    }
    List<String> chain = null;
    if (top != null) {
      chain = new ArrayList<>();
      for (Throwable t = top; t != null && chain.size() < 8; t = t.getCause()) {
        chain.add(t.getClass().getName());
      }
    }
    headers.sort(Comparator.comparing(header -> header[0]));
    List<String> flat = new ArrayList<>();
    for (String[] header : headers) {
      flat.add(header[0]);
      flat.add(header[1]);
    }
    return new Outcome(
        id,
        status,
        flat,
        body.toByteArray(),
        chain,
        top == null ? "" : "" + top.getMessage(),
        millis);
  }
}
