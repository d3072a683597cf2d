package io.flyball.instrumentation.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A response whose head has arrived. Closing it early is the application's walking away. */
public interface OpenReply extends Closeable {

  int status();

  /** All headers as the client gives them, names in lower case. */
  Map<String, List<String>> headers();

  /** The body as it arrives, the same stream every time. */
  InputStream body() throws IOException;

  /** Reads the rest of the body. */
  default Reply whole() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InputStream body = body();
    byte[] buffer = new byte[8192];
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      bytes.write(buffer, 0, read);
    }
    return new Reply(status(), headers(), bytes.toByteArray());
  }
}
