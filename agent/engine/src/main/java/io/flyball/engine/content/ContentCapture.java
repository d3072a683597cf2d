package io.flyball.engine.content;

import io.flyball.engine.call.CallRecord;
import io.flyball.protocol.json.UnicodeText;
import java.nio.charset.StandardCharsets;

/**
 * Turns the content of sampled calls into what may be shown: redacted, and cut to a limit. Runs on
 * the record thread after pricing; behind it no listener sees content that was not captured.
 */
public final class ContentCapture {
  /**
   * Read beyond the limit, so that a secret on the edge is still recognised. It is never shown,
   * whatever was taken out before it: at its own end a secret may be cut in half.
   */
  private static final int MARGIN = 4_096;

  private static final String CUT = "[cut]";
  private static final char BYTE_ORDER_MARK = 0xFEFF;

  /** What happens to a text before it is shown. */
  public interface Redaction {

    /** The text up to that place, with what begins before it, and goes on behind it, whole. */
    String redact(String text, int end);
  }

  private final Redaction redaction;
  private final int maxCharacters;

  /**
   * @param redaction usually {@link Redactor#redact(String, int)}
   * @param maxCharacters of the request and of the answer each
   */
  public ContentCapture(Redaction redaction, int maxCharacters) {
    this.redaction = redaction;
    this.maxCharacters = maxCharacters;
  }

  /** The record without raw content, and with captured content if it was sampled. */
  public CallRecord apply(CallRecord record) {
    if (!record.contentSampled()) {
      return record.withoutContent();
    }
    String request = text(record.requestBody());
    return record.withoutContent().toBuilder()
        .captured(captured(request), captured(record.outputText()))
        .build();
  }

  /** In whatever encoding its parser reads it, too: else each letter would be two or four. */
  private static String text(byte[] body) {
    if (body == null) {
      return null;
    }
    String text = new String(UnicodeText.utf8(body), StandardCharsets.UTF_8);
    return text.isEmpty() || text.charAt(0) != BYTE_ORDER_MARK ? text : text.substring(1);
  }

  private String captured(String text) {
    if (text == null) {
      return null;
    }
    boolean beyond = text.length() > maxCharacters + MARGIN;
    String redacted =
        beyond
            ? redaction.redact(text.substring(0, maxCharacters + MARGIN), maxCharacters)
            : redaction.redact(text, text.length());
    return beyond || redacted.length() > maxCharacters
        ? redacted.substring(0, Math.min(redacted.length(), maxCharacters)) + CUT
        : redacted;
  }
}
