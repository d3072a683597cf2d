package com.example.failover;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A client without an SDK: what a request brings back, as it comes. Used by many threads. */
public interface Poster {

  /** Sends a request and waits for the head of the answer. */
  Posted post(String url, Map<String, String> headers, byte[] body) throws Exception;

  /** The poster of that class. */
  static Poster named(String className) throws ReflectiveOperationException {
    return (Poster) Class.forName(className).getDeclaredConstructor().newInstance();
  }

  /** An answer whose body is still to be read. */
  final class Posted {
    private final int status;
    private final Map<String, List<String>> headers;
    private final InputStream body;
    private final Closing closing;

    /**
     * An answer.
     *
     * @param body null when there is none
     * @param closing how the client is told that no more is wanted
     */
    public Posted(
        int status, Map<String, List<String>> headers, InputStream body, Closing closing) {
      this.status = status;
      this.headers = headers;
      this.body = body;
      this.closing = closing;
    }

    int status() {
      return status;
    }

    Map<String, List<String>> headers() {
      return headers;
    }

    InputStream body() {
      return body;
    }

    void close() throws IOException {
      closing.close();
    }
  }

  /** How an answer is given up. */
  interface Closing {
    void close() throws IOException;
  }
}
