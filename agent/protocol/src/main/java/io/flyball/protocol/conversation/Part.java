package io.flyball.protocol.conversation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A piece of what was said in one turn of a conversation. Immutable. */
abstract class Part {

  private Part() {}

  static final class Text extends Part {
    final String text;

    Text(String text) {
      this.text = text;
    }
  }

  /** A picture, by value or by address. */
  static final class Image extends Part {
    /** {@code image/png} and the like; null where only the address is known. */
    final String mediaType;

    final String base64;
    final String url;

    private Image(String mediaType, String base64, String url) {
      this.mediaType = mediaType;
      this.base64 = base64;
      this.url = url;
    }

    static Image inline(String mediaType, String base64) {
      return new Image(mediaType.equals("image/jpg") ? "image/jpeg" : mediaType, base64, null);
    }

    static Image at(String url) {
      return new Image(null, null, url);
    }
  }

  /** A PDF by value or by address, or plain text. */
  static final class Document extends Part {
    /** What a document is called where it must be called something. */
    static final String UNTITLED = "document.pdf";

    /** Null when it has none. */
    final String title;

    final String base64;
    final String url;
    final String text;

    private Document(String title, String base64, String url, String text) {
      this.title = UNTITLED.equals(title) ? null : title;
      this.base64 = base64;
      this.url = url;
      this.text = text;
    }

    static Document pdf(String title, String base64) {
      return new Document(title, base64, null, null);
    }

    static Document at(String title, String url) {
      return new Document(title, null, url, null);
    }

    static Document ofText(String title, String text) {
      return new Document(title, null, null, text);
    }
  }

  static final class Audio extends Part {
    /** {@code wav} or {@code mp3}. */
    final String format;

    final String base64;

    Audio(String format, String base64) {
      this.format = format;
      this.base64 = base64;
    }
  }

  static final class ToolCall extends Part {
    final String id;
    final String name;

    /** A JSON object. */
    final String arguments;

    ToolCall(String id, String name, String arguments) {
      this.id = id;
      this.name = name;
      this.arguments = arguments;
    }
  }

  static final class ToolResult extends Part {
    final String id;

    /** Texts, images and documents; may be empty. */
    final List<Part> content;

    final boolean error;

    ToolResult(String id, List<Part> content, boolean error) {
      this.id = id;
      this.content = Collections.unmodifiableList(new ArrayList<>(content));
      this.error = error;
    }
  }
}
