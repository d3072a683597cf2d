package io.flyball.twin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Content encodings as providers and what stands before them use them. */
final class Encoding {
  private Encoding() {}

  /** What Content-Encoding calls it. */
  static String header(String coding) {
    return coding.contains("deflate") ? "deflate" : "gzip";
  }

  static byte[] encode(String coding, byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      switch (coding) {
        case "gzip" -> gzip(out, plain, 0, plain.length);
        case "gzip-members" -> {
          gzip(out, plain, 0, plain.length / 2);
          gzip(out, plain, plain.length / 2, plain.length - plain.length / 2);
        }
        case "deflate" -> deflate(out, plain, new Deflater());
        case "raw-deflate" -> deflate(out, plain, new Deflater(6, true));
        case "false-gzip" -> out.write(plain);
        default -> throw new IllegalArgumentException(coding);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static void gzip(ByteArrayOutputStream out, byte[] plain, int from, int length)
      throws IOException {
    GZIPOutputStream gzip = new GZIPOutputStream(out);
    gzip.write(plain, from, length);
    gzip.finish();
  }

  private static void deflate(ByteArrayOutputStream out, byte[] plain, Deflater deflater)
      throws IOException {
    DeflaterOutputStream deflate = new DeflaterOutputStream(out, deflater);
    deflate.write(plain);
    deflate.finish();
    deflater.end();
  }

  /** What can be read of it; as it is when nothing can. */
  static byte[] decode(byte[] body) {
    if (body.length < 2) {
      return body;
    }
    boolean gzip = (body[0] & 0xff) == 0x1f && (body[1] & 0xff) == 0x8b;
    boolean zlib = (body[0] & 0xff) == 0x78;
    if (!gzip && !zlib && isText(body)) {
      return body;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in =
        gzip
            ? new GZIPInputStream(new ByteArrayInputStream(body))
            : new InflaterInputStream(new ByteArrayInputStream(body), new Inflater(!zlib))) {
      in.transferTo(out);
      return out.toByteArray();
    } catch (IOException cut) {
      // What came before stands.
    }
    return out.size() == 0 ? body : out.toByteArray();
  }

  private static boolean isText(byte[] body) {
    return new String(body, StandardCharsets.UTF_8)
        .chars()
        .noneMatch(c -> c == 0xFFFD || c < ' ' && c != '\n' && c != '\r' && c != '\t');
  }
}
