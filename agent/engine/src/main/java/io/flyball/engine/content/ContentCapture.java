package io.flyball.engine.content;

import io.flyball.engine.call.CallRecord;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * Turns the content of sampled calls into what may be shown: redacted, and cut to a limit. Runs on
 * the record thread after pricing; behind it no listener sees content that was not captured.
 */
public final class ContentCapture {
  /** Read beyond the limit before cutting, so that a secret on the edge is still recognised. */
  private static final int MARGIN = 4_096;

  private static final String CUT = "[cut]";

  private final UnaryOperator<String> redaction;
  private final int maxCharacters;

  /**
   * @param redaction what happens to the text, usually {@link Redactor#redact}
   * @param maxCharacters of the request and of the answer each
   */
  public ContentCapture(UnaryOperator<String> redaction, int maxCharacters) {
    this.redaction = redaction;
    this.maxCharacters = maxCharacters;
  }

  /** The record without raw content, and with captured content if it was sampled. */
  public CallRecord apply(CallRecord record) {
    if (!record.contentSampled()) {
      return record.withoutContent();
    }
    byte[] body = record.requestBody();
    String request = body == null ? null : new String(body, StandardCharsets.UTF_8);
    return record.withoutContent().toBuilder()
        .captured(captured(request), captured(record.outputText()))
        .build();
  }

  private String captured(String text) {
    if (text == null) {
      return null;
    }
    boolean beyond = text.length() > maxCharacters + MARGIN;
    String redacted = redaction.apply(beyond ? text.substring(0, maxCharacters + MARGIN) : text);
    return redacted.length() > maxCharacters
        ? redacted.substring(0, maxCharacters) + CUT
        : redacted;
  }
}
