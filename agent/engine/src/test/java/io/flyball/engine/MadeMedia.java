package io.flyball.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.Deflater;

/** The smallest files that say how large they are: images, sounds, films and PDFs, in base64. */
final class MadeMedia {
  private MadeMedia() {}

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] join(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      byte[] bytes =
          part instanceof byte[]
              ? (byte[]) part
              : part instanceof Integer
                  ? new byte[] {(byte) (int) part}
                  : ((String) part).getBytes(StandardCharsets.ISO_8859_1);
      out.write(bytes, 0, bytes.length);
    }
    return out.toByteArray();
  }

  private static byte[] big(int size, long value) {
    byte[] all = ByteBuffer.allocate(8).putLong(value).array();
    return Arrays.copyOfRange(all, 8 - size, 8);
  }

  private static byte[] little(int size, long value) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return Arrays.copyOf(all, size);
  }

  static String png(long width, long height) {
    return base64(
        join("\u0089PNG\r\n\u001a\n", big(4, 13), "IHDR", big(4, width), big(4, height), "\u0008"));
  }

  static String gif(long width, long height) {
    return base64(join("GIF89a", little(2, width), little(2, height), "\0\0\0;"));
  }

  /** With a preview in front, whose size is another one. */
  static String jpeg(long width, long height) {
    byte[] preview = join("Exif\0\0", "\u00ff\u00c0", big(2, 8), 8, big(2, 7), big(2, 7));
    return base64(
        join(
            "\u00ff\u00d8\u00ff\u00e1",
            big(2, preview.length + 2),
            preview,
            "\u00ff\u00c4",
            big(2, 4),
            "ab",
            "\u00ff\u00c2",
            big(2, 17),
            8,
            big(2, height),
            big(2, width),
            "\u0003abcdefghi"));
  }

  static String webp(int form, long width, long height) {
    byte[] chunk;
    if (form == 0) {
      chunk =
          join("VP8 ", little(4, 10), "abc\u009d\u0001\u002a", little(2, width), little(2, height));
    } else if (form == 1) {
      chunk =
          join("VP8L", little(4, 5), "/", little(4, (width - 1) | (height - 1) << 14), "\0\0\0\0");
    } else {
      chunk = join("VP8X", little(4, 10), "\0\0\0\0", little(3, width - 1), little(3, height - 1));
    }
    return base64(join("RIFF", little(4, chunk.length + 4L), "WEBP", chunk));
  }

  static String wav(int bytesPerSecond, int seconds) {
    byte[] samples = new byte[bytesPerSecond * seconds];
    return base64(
        join(
            "RIFF",
            little(4, 36L + samples.length),
            "WAVEfmt ",
            little(4, 16),
            little(2, 1),
            little(2, 1),
            little(4, bytesPerSecond / 2),
            little(4, bytesPerSecond),
            little(4, 0x100002),
            "data",
            little(4, samples.length),
            samples));
  }

  /** At its slowest. */
  static String mp3(int seconds) {
    return base64(join("\u00ff\u00f3\u0018\u00c4", new byte[1_000 * seconds]));
  }

  static String mp4(int seconds) {
    return base64(
        join(
            big(4, 16),
            "ftypisom\0\0\0\0",
            big(4, 200),
            "mdat",
            new byte[192],
            big(4, 116),
            "moov",
            big(4, 108),
            "mvhd\0\0\0\0",
            big(4, 1),
            big(4, 1),
            big(4, 600),
            big(4, 600L * seconds),
            new byte[80]));
  }

  /** A PDF of empty pages, plain or with its objects in a compressed stream. */
  static String pdf(int pages, boolean compressed, boolean readable) {
    StringBuilder objects =
        new StringBuilder("<</Type/Catalog/Pages 2 0 R>>\n<</Type /Pages/Count ");
    objects.append(pages).append("/Kids[]>>\n");
    for (int i = 0; i < pages; i++) {
      objects.append("<< /Type /Page /Parent 2 0 R >>\n");
    }
    byte[] plain = objects.toString().getBytes(StandardCharsets.ISO_8859_1);
    if (!compressed) {
      return base64(join("%PDF-1.4\n", plain, "trailer<</Root 1 0 R>>\n%%EOF"));
    }
    Deflater deflater = new Deflater();
    deflater.setInput(plain);
    deflater.finish();
    byte[] buffer = new byte[plain.length + 100];
    int length = deflater.deflate(buffer);
    deflater.end();
    byte[] packed = Arrays.copyOf(buffer, length);
    if (!readable) {
      for (int i = 0; i < packed.length; i++) {
        packed[i] ^= 0x5A;
      }
    }
    return base64(
        join(
            "%PDF-1.5\n1 0 obj\n<</Type/XObject/Length 9>>\nstream\nno object\nendstream\nendobj\n",
            "5 0 obj\n<</Type /ObjStm /N 3 /First 10 /Filter /FlateDecode /Length ",
            String.valueOf(length),
            ">>\nstream\r\n",
            packed,
            "\nendstream\nendobj\n%%EOF"));
  }
}
