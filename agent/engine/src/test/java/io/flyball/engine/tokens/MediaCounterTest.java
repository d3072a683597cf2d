package io.flyball.engine.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** What providers say of images, sounds and files in their documents is what is counted. */
class MediaCounterTest {
  private final MediaCounter counter = new MediaCounter();

  private static String png(int width, int height) {
    ByteBuffer bytes = ByteBuffer.allocate(33);
    bytes.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13});
    bytes.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static String image(int width, int height, String detail) {
    return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
        + png(width, height)
        + "\",\"detail\":\""
        + detail
        + "\"}}";
  }

  private MediaTokens in(String model, String content) {
    byte[] body =
        ("{\"messages\":[{\"role\":\"user\",\"content\":[" + content + "]}]}")
            .getBytes(StandardCharsets.UTF_8);
    return counter.atMost("somebody", model, body, 0, 1);
  }

  private long images(String model, int width, int height, String detail) {
    return in(model, image(width, height, detail)).image();
  }

  @Test
  void tilesOfOpenAi() {
    assertThat(images("gpt-4o", 1024, 1024, "high")).isEqualTo(765);
    assertThat(images("gpt-4o", 2048, 4096, "auto")).isEqualTo(1105);
    assertThat(images("gpt-4o", 4096, 8192, "low")).isEqualTo(85);
    assertThat(images("gpt-4o-mini", 1024, 1024, "high")).isEqualTo(2833 + 4 * 5667);
  }

  @Test
  void patchesOfOpenAi() {
    assertThat(images("gpt-4.1-mini", 1024, 1024, "auto")).isEqualTo(1659);
    assertThat(images("gpt-4.1-mini", 1800, 2400, "auto")).isEqualTo(2489);
    assertThat(images("gpt-5.5", 3000, 3000, "auto")).isEqualTo(10_604);
    assertThat(images("gpt-5.5", 3000, 3000, "high")).isEqualTo(3_000);
  }

  @Test
  void imagesOfOthers() {
    assertThat(images("claude-sonnet-4-5", 200, 200, "auto")).isBetween(64L, 70L);
    assertThat(images("claude-sonnet-4-5", 4000, 4000, "auto")).isBetween(1568L, 1650L);
    assertThat(images("claude-opus-4-8", 4000, 4000, "auto")).isBetween(4784L, 5030L);
    assertThat(images("gemini-2.5-flash", 384, 384, "auto")).isEqualTo(258);
    assertThat(images("gemini-2.5-flash", 960, 540, "auto")).isEqualTo(6 * 258);
    assertThat(images("gemini-3-pro-preview", 9000, 9000, "auto")).isEqualTo(1120);
  }

  /** A picture of a megabyte is no million tokens, and its base64 is no text. */
  @Test
  void bytesDoNotCount() {
    String huge = String.join("", Collections.nCopies(100_000, "AAAAAAAAAAAAAA"));
    MediaTokens found =
        in(
            "gpt-4o",
            "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,"
                + png(1024, 1024).replace("=", "")
                + huge
                + "\"}}");

    assertThat(found.total()).isEqualTo(765);
    assertThat(found.bytes()).isGreaterThanOrEqualTo(1_400_000);
  }

  @Test
  void whatIsOnlyNamedCountsAsTheLargest() {
    assertThat(in("gpt-4o", "{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://a/b.png\"}}"))
        .extracting(MediaTokens::image)
        .isEqualTo(85L + 8 * 170);
    assertThat(
            in(
                    "claude-3-opus",
                    "{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"http://a/b.pdf\"}}")
                .total())
        .isEqualTo(200_000);
  }

  /** What tools are given, and what is cited, is not looked at. */
  @Test
  void whatTheModelDoesNotSeeCountsNothing() {
    assertThat(
            in(
                    "claude-3-opus",
                    "{\"type\":\"tool_use\",\"input\":{\"image\":\"a.png\",\"file_id\":\"f\"}}")
                .total())
        .isZero();
    assertThat(
            in(
                    "gpt-4o",
                    "{\"type\":\"output_text\",\"annotations\":[{\"file_id\":\"f\",\"url\":\"http://a\"}]}")
                .total())
        .isZero();
  }

  @Test
  void soundsBySeconds() {
    ByteArrayOutputStream wav = new ByteArrayOutputStream();
    ByteBuffer head = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
    head.put("RIFF....WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    head.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
    head.putShort((short) 2).putShort((short) 16);
    wav.write(head.array(), 0, 44);
    wav.write(new byte[320_000], 0, 320_000);
    String data = Base64.getEncoder().encodeToString(wav.toByteArray());
    MediaTokens found =
        in(
            "gemini-2.5-flash",
            "{\"inlineData\":{\"data\":\"" + data + "\",\"mimeType\":\"audio/wav\"}}");

    assertThat(found.audio()).isBetween(320L, 352L);
  }

  /** Whoever plays it does not look at how many bytes a second it says it has. */
  @Test
  void aSoundIsAsLongAsItsSamples() {
    for (int rate : new int[] {16_000, 2_000_000_000, 0, 1}) {
      ByteBuffer wav = ByteBuffer.allocate(44 + 600 * 8_000).order(ByteOrder.LITTLE_ENDIAN);
      wav.put("RIFF....WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
      wav.putShort((short) 1).putShort((short) 1).putInt(8_000).putInt(rate);
      wav.putShort((short) 1).putShort((short) 8);
      String data = Base64.getEncoder().encodeToString(wav.array());
      MediaTokens found =
          in(
              "gemini-2.5-flash",
              "{\"inlineData\":{\"data\":\"" + data + "\",\"mimeType\":\"audio/wav\"}}");

      assertThat(found.audio()).as("" + rate).isBetween(600 * 32L, 602 * 32L);
    }
  }

  /** The screen of a GIF may be smaller than the images on it. */
  @Test
  void aGifIsAsLargeAsItsLargestImage() {
    ByteBuffer gif = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    gif.put("GIF89a".getBytes(StandardCharsets.US_ASCII)).putShort((short) 1).putShort((short) 1);
    // A table of two colours, an extension, a small image and a large one.
    gif.put((byte) 0x80).putShort((short) 0).put(new byte[6]);
    gif.put(new byte[] {0x21, (byte) 0xF9, 4, 0, 0, 0, 0, 0});
    for (short side : new short[] {1, 2000}) {
      gif.put((byte) 0x2C).putInt(0).putShort(side).putShort(side);
      gif.put(new byte[] {0, 2, 2, 0x4C, 1, 0});
    }
    gif.put((byte) 0x3B);
    String data = Base64.getEncoder().encodeToString(gif.array());

    assertThat(
            in("gpt-4o", "{\"image_url\":{\"url\":\"data:image/gif;base64," + data + "\"}}")
                .image())
        .isEqualTo(images("gpt-4o", 2000, 2000, "high"));
  }

  /** What says that it is text is text, whatever it begins with. */
  @Test
  void textThatLooksLikeAnImageCountsAsText() {
    byte[] text =
        ("GIF89a " + String.join("", Collections.nCopies(9_000, "a b ")))
            .getBytes(StandardCharsets.US_ASCII);

    assertThat(
            in(
                    "gpt-4o",
                    "{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/plain;base64,"
                        + Base64.getEncoder().encodeToString(text)
                        + "\"}}")
                .total())
        .isGreaterThanOrEqualTo(18_000);
  }

  @Test
  void brokenJsonIsNoFailure() {
    byte[] body =
        "{\"messages\":[{\"content\":[{\"image_url\":\"data:image/png;ba"
            .getBytes(StandardCharsets.UTF_8);

    assertThat(counter.atMost(null, null, body, 0, 1).total()).isNotNegative();
  }
}
