package io.flyball.settings.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Where the character stands for which a file is no YAML; the library does not tell the line. */
final class ForbiddenCharacter {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final String MESSAGE = "not valid YAML: it holds ";

  private ForbiddenCharacter() {}

  /**
   * @param content of a file that is no YAML because of one of its characters
   */
  static YamlProblem in(String label, byte[] content) {
    CharBuffer text = CharBuffer.allocate(content.length);
    CoderResult end = read(content, text);
    text.flip();
    int line = 0;
    int column = 0;
    for (int i = 0; i < text.length(); ) {
      int character = Character.codePointAt(text, i);
      boolean mark = i == 0 && character == BYTE_ORDER_MARK;
      i += Character.charCount(character);
      if (!mark && !StreamReader.isPrintable(character)) {
        String name = String.format(Locale.ROOT, "U+%04X", character);
        return problem(label, line, column, "a character that YAML does not allow (" + name + ")");
      }
      boolean newLine =
          character == '\n'
              || (character == '\r' && (i == text.length() || text.charAt(i) != '\n'));
      line += newLine ? 1 : 0;
      column = newLine ? 0 : mark ? column : column + 1;
    }
    return end.isError()
        ? problem(label, line, column, "bytes that are no text in UTF-8 or UTF-16")
        : new YamlProblem(Optional.empty(), MESSAGE + "characters that YAML does not allow");
  }

  private static YamlProblem problem(String label, int line, int column, String what) {
    return new YamlProblem(
        Optional.of(new Mark(label, 0, line, column, new int[0], 0)), MESSAGE + what);
  }

  private static CoderResult read(byte[] content, CharBuffer text) {
    CharsetDecoder decoder =
        charset(content)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    return decoder.decode(ByteBuffer.wrap(content), text, true);
  }

  private static Charset charset(byte[] content) {
    int first = content.length < 2 ? 0 : (content[0] & 0xFF) << 8 | (content[1] & 0xFF);
    return first == 0xFEFF
        ? StandardCharsets.UTF_16BE
        : first == 0xFFFE ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
  }
}
