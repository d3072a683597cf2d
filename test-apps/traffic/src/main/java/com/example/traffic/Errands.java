package com.example.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Everything that a program does with an HTTP client except asking a model; prints what it got.
 *
 * <p>Arguments: client, base URL.
 */
public final class Errands {
  /** Of the large upload. */
  public static final long LARGE = 50L << 20;

  /** One thing to do. */
  public interface Errand {
    /** Returns what came of it. */
    String run() throws Exception;
  }

  /** What can be done with one client. */
  public interface Runner {
    void run(Errands errands) throws Exception;
  }

  private final String url;

  private Errands(String url) {
    this.url = url;
  }

  public static void main(String[] arguments) throws Exception {
    Errands errands = new Errands(arguments[1]);
    switch (arguments[0]) {
      case "okhttp":
        new OkHttpErrands().run(errands);
        break;
      case "http-url-connection":
        new HttpUrlConnectionErrands().run(errands);
        break;
      default:
        ((Runner)
                Class.forName("com.example.traffic.jdk.JavaHttpErrands")
                    .getDeclaredConstructor()
                    .newInstance())
            .run(errands);
    }
    System.exit(0);
  }

  /** The base URL without a slash at its end. */
  public String url() {
    return url;
  }

  /** Does it and prints what came of it, be it an exception. */
  public void run(String name, Errand errand) {
    String result;
    try {
      result = errand.run();
    } catch (Exception e) {
      result = e.toString();
    }
    System.out.println(name + ": " + result);
  }

  /** POSTs that look a little like model calls but are none: path, content type, body. */
  public static String[][] lookalikes() {
    String rpc =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"search\"}}";
    return new String[][] {
      {"/v1/messages", "application/json", rpc},
      {"/mcp/v1/messages", "application/json", rpc},
      {"/v1/chat/completions", "application/json", "{\"hello\":\"world\"}"},
      {"/v1/chat/completions", "application/json", "[1,2,3]"},
      {"/v1/chat/completions", "text/plain", "not json at all"},
      {"/v1/chat/completions", "application/json", ""},
      {"/v1/responses", "application/json", "{\"survey\":7,\"answers\":[\"a\",\"b\"]}"},
      {"/v1/files", "multipart/form-data; boundary=xyz", "--xyz\r\n\r\nfile\r\n--xyz--\r\n"},
      {"/v1/audio/transcriptions", "multipart/form-data; boundary=xyz", "--xyz--\r\n"},
      {"/v1/audio/speech", "application/json", "{\"model\":\"tts-1\",\"input\":\"Hi\"}"},
      {"/v1/images/generations", "application/json", "{\"model\":\"dall-e-3\",\"prompt\":\"x\"}"},
      {"/orders", "application/json", "{\"model\":\"T\",\"messages\":[]}"},
      {"/form", "application/x-www-form-urlencoded", "a=1&b=%C3%A4"},
    };
  }

  /** Length and checksum of a stream that is read to its end. */
  public static String sum(InputStream in) throws IOException {
    if (in == null) {
      return "nothing";
    }
    CRC32 crc = new CRC32();
    long length = 0;
    byte[] buffer = new byte[8192];
    try (InputStream closing = in) {
      for (int n = closing.read(buffer); n >= 0; n = closing.read(buffer)) {
        crc.update(buffer, 0, n);
        length += n;
      }
    }
    return length + " bytes, checksum " + Long.toHexString(crc.getValue());
  }

  /** The bytes of the large upload. */
  public static InputStream large() {
    return new InputStream() {
      private long left = LARGE;

      @Override
      public int read() {
        return left-- > 0 ? (int) (left & 0x7f) : -1;
      }

      @Override
      public int read(byte[] bytes, int from, int count) {
        if (left <= 0) {
          return -1;
        }
        int some = (int) Math.min(count, left);
        for (int i = 0; i < some; i++) {
          left--;
          bytes[from + i] = (byte) (left & 0x7f);
        }
        return some;
      }
    };
  }

  /** A text's bytes. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
