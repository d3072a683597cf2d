package io.flyball.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Streams of every protocol as providers write them. */
final class WireStreams {
  private WireStreams() {}

  /** A protocol whose streams can be joined. */
  enum Wire {
    CHAT("https://api.openai.com/v1/chat/completions", "openai"),
    MESSAGES("https://api.anthropic.com/v1/messages", "anthropic"),
    RESPONSES("https://api.openai.com/v1/responses", "openai"),
    GEMINI(
        "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse",
        "gemini");

    final String url;
    final String target;

    Wire(String url, String target) {
      this.url = url;
      this.target = target;
    }

    String request() {
      switch (this) {
        case GEMINI:
          return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}";
        case RESPONSES:
          return "{\"model\":\"m\",\"stream\":true,\"input\":\"Hi\"}";
        default:
          return "{\"model\":\"m\",\"stream\":true,\"max_tokens\":100,\"stream_options\":{\"include_usage\":true},"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
      }
    }
  }

  /** A piece of an answer: {@code text}, {@code thought}, {@code tool} (a name) or {@code args}. */
  static final class Piece {
    final String kind;
    final String text;

    Piece(String kind, String text) {
      this.kind = kind;
      this.text = text;
    }

    @Override
    public String toString() {
      return kind + ':' + text;
    }
  }

  /** How a server writes. */
  static final class Style {
    final String lineEnd;
    final boolean escapes;
    final boolean comments;

    Style(String lineEnd, boolean escapes, boolean comments) {
      this.lineEnd = lineEnd;
      this.escapes = escapes;
      this.comments = comments;
    }

    @Override
    public String toString() {
      return lineEnd.replace("\r", "CR").replace("\n", "LF")
          + (escapes ? " escaped" : "")
          + (comments ? " comments" : "");
    }
  }

  static byte[] write(Wire wire, String seed, List<Piece> answer, Style style) {
    Writer writer = new Writer(seed, style);
    switch (wire) {
      case CHAT:
        writer.chat(answer);
        break;
      case MESSAGES:
        writer.messages(answer);
        break;
      case RESPONSES:
        writer.responses(answer);
        break;
      default:
        writer.gemini(answer);
        break;
    }
    return writer.out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** An error event as the protocol has it, and what its servers send behind it. */
  static byte[] error(Wire wire, Style style) {
    Writer writer = new Writer("e", style);
    switch (wire) {
      case CHAT:
        writer.event(
            null, "{\"error\":{\"message\":\"upstream failed\",\"type\":\"server_error\"}}");
        writer.event(null, "[DONE]");
        break;
      case MESSAGES:
        writer.event(
            "error",
            "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");
        break;
      case RESPONSES:
        writer.event(
            "error", "{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"failed\"}");
        break;
      default:
        writer.event(
            null,
            "{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}");
        break;
    }
    return writer.out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Writes one stream. */
  private static final class Writer {
    final StringBuilder out = new StringBuilder();
    private final String seed;
    private final Style style;
    private int events;
    private int sequence;
    private int index = -1;
    private String open;

    Writer(String seed, Style style) {
      this.seed = seed;
      this.style = style;
    }

    void event(String name, String data) {
      if (style.comments && events++ % 3 == 1) {
        out.append(": keep-alive").append(style.lineEnd).append(style.lineEnd);
      }
      if (name != null) {
        out.append("event: ").append(name).append(style.lineEnd);
      }
      out.append("data: ").append(data).append(style.lineEnd).append(style.lineEnd);
    }

    private String quoted(String text) {
      StringBuilder json = new StringBuilder("\"");
      for (char c : text.toCharArray()) {
        if (c == '"' || c == '\\') {
          json.append('\\').append(c);
        } else if (c < 0x20 || (c > 0x7e && style.escapes) || Character.isSurrogate(c)) {
          json.append(String.format("\\u%04x", (int) c));
        } else {
          json.append(c);
        }
      }
      String written = json.append('"').toString();
      return style.escapes ? written : pairs(written);
    }

    /** Whole pairs as four bytes of UTF-8; halves stay escaped. */
    private static String pairs(String json) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < json.length(); i++) {
        if (json.startsWith("\\ud8", i) && json.startsWith("\\ud", i + 6)) {
          all.append((char) Integer.parseInt(json.substring(i + 2, i + 6), 16));
          all.append((char) Integer.parseInt(json.substring(i + 8, i + 12), 16));
          i += 11;
        } else {
          all.append(json.charAt(i));
        }
      }
      return all.toString();
    }

    void chat(List<Piece> answer) {
      chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
      for (Piece piece : answer) {
        switch (piece.kind) {
          case "text":
            chunk("{\"content\":" + quoted(piece.text) + "}", "null");
            break;
          case "thought":
            chunk("{\"reasoning_content\":" + quoted(piece.text) + "}", "null");
            break;
          case "tool":
            index++;
            chunk(
                "{\"tool_calls\":[{\"index\":"
                    + index
                    + ",\"id\":\"call_"
                    + seed
                    + index
                    + "\",\"type\":\"function\",\"function\":{\"name\":"
                    + quoted(piece.text)
                    + ",\"arguments\":\"\"}}]}",
                "null");
            break;
          default:
            chunk(
                "{\"tool_calls\":[{\"index\":"
                    + index
                    + ",\"function\":{\"arguments\":"
                    + quoted(piece.text)
                    + "}}]}",
                "null");
            break;
        }
      }
      chunk("{}", "\"stop\"");
      event(
          null,
          "{\"id\":\"c-"
              + seed
              + "\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":"
              + "{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}");
      event(null, "[DONE]");
    }

    private void chunk(String delta, String finish) {
      event(
          null,
          "{\"id\":\"c-"
              + seed
              + "\",\"object\":\"chat.completion.chunk\",\"created\":1,\"choices\":[{\"index\":0,\"delta\":"
              + delta
              + ",\"finish_reason\":"
              + finish
              + "}]}");
    }

    private void typed(String type, String fields) {
      event(type, "{\"type\":\"" + type + "\"" + fields + "}");
    }

    void messages(List<Piece> answer) {
      typed(
          "message_start",
          ",\"message\":{\"id\":\"msg_"
              + seed
              + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],"
              + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
      for (Piece piece : answer) {
        switch (piece.kind) {
          case "text":
            block("text", "{\"type\":\"text\",\"text\":\"\"}");
            blockDelta("{\"type\":\"text_delta\",\"text\":" + quoted(piece.text) + "}");
            break;
          case "thought":
            block("thought", "{\"type\":\"thinking\",\"thinking\":\"\"}");
            blockDelta("{\"type\":\"thinking_delta\",\"thinking\":" + quoted(piece.text) + "}");
            break;
          case "tool":
            close();
            block(
                "tool",
                "{\"type\":\"tool_use\",\"id\":\"toolu_"
                    + seed
                    + index
                    + "\",\"name\":"
                    + quoted(piece.text)
                    + ",\"input\":{}}");
            break;
          default:
            blockDelta(
                "{\"type\":\"input_json_delta\",\"partial_json\":" + quoted(piece.text) + "}");
            break;
        }
        if (style.comments) {
          typed("ping", "");
        }
      }
      close();
      typed(
          "message_delta",
          ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":2}");
      typed("message_stop", "");
    }

    private void block(String kind, String block) {
      if (!kind.equals(open)) {
        close();
        open = kind;
        index++;
        typed("content_block_start", ",\"index\":" + index + ",\"content_block\":" + block);
      }
    }

    private void blockDelta(String delta) {
      typed("content_block_delta", ",\"index\":" + index + ",\"delta\":" + delta);
    }

    private void close() {
      if (open != null) {
        typed("content_block_stop", ",\"index\":" + index);
        open = null;
      }
    }

    private void numbered(String type, String fields) {
      typed(type, ",\"sequence_number\":" + sequence++ + fields);
    }

    private final StringBuilder output = new StringBuilder();
    private final StringBuilder item = new StringBuilder();
    private String itemHead;

    void responses(List<Piece> answer) {
      numbered("response.created", ",\"response\":{\"id\":\"r_" + seed + "\",\"output\":[]}");
      for (Piece piece : answer) {
        switch (piece.kind) {
          case "text":
            item("text", "{\"type\":\"message\",\"id\":\"i_" + seed + (index + 1) + "\"");
            delta("response.output_text.delta", piece.text);
            break;
          case "thought":
            item("thought", "{\"type\":\"reasoning\",\"id\":\"i_" + seed + (index + 1) + "\"");
            delta("response.reasoning_summary_text.delta", piece.text);
            break;
          case "tool":
            endItem();
            item(
                "tool",
                "{\"type\":\"function_call\",\"id\":\"i_"
                    + seed
                    + (index + 1)
                    + "\",\"call_id\":\"call_"
                    + seed
                    + (index + 1)
                    + "\",\"name\":"
                    + quoted(piece.text));
            break;
          default:
            delta("response.function_call_arguments.delta", piece.text);
            break;
        }
      }
      endItem();
      numbered(
          "response.completed",
          ",\"response\":{\"id\":\"r_"
              + seed
              + "\",\"status\":\"completed\",\"output\":["
              + output
              + "],\"usage\":{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3}}");
    }

    private void item(String kind, String head) {
      if (kind.equals(open)) {
        return;
      }
      endItem();
      open = kind;
      itemHead = head;
      index++;
      numbered(
          "response.output_item.added", ",\"output_index\":" + index + ",\"item\":" + head + "}");
    }

    private void delta(String type, String text) {
      item.append(text);
      numbered(
          type,
          ",\"output_index\":"
              + index
              + ",\"content_index\":0,\"item_id\":\"i_"
              + seed
              + index
              + "\",\"delta\":"
              + quoted(text));
    }

    private void endItem() {
      if (open == null) {
        return;
      }
      String whole = itemHead + ",\"said\":" + quoted(item.toString()) + "}";
      numbered("response.output_item.done", ",\"output_index\":" + index + ",\"item\":" + whole);
      output.append(output.length() == 0 ? "" : ",").append(whole);
      item.setLength(0);
      open = null;
    }

    void gemini(List<Piece> answer) {
      String tool = null;
      StringBuilder args = new StringBuilder();
      for (Piece piece : answer) {
        if (tool != null && !piece.kind.equals("args")) {
          call(tool, args);
          tool = null;
        }
        switch (piece.kind) {
          case "text":
            part("{\"text\":" + quoted(piece.text) + "}", "");
            break;
          case "thought":
            part("{\"text\":" + quoted(piece.text) + ",\"thought\":true}", "");
            break;
          case "tool":
            tool = piece.text;
            args.setLength(0);
            break;
          default:
            args.append(piece.text);
            break;
        }
      }
      if (tool != null) {
        call(tool, args);
      }
      part(
          "{\"text\":\"\"}",
          ",\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":1,"
              + "\"candidatesTokenCount\":2,\"totalTokenCount\":3}");
    }

    private void call(String tool, StringBuilder args) {
      part(
          "{\"functionCall\":{\"name\":"
              + quoted(tool)
              + ",\"args\":{\"a\":"
              + quoted(args.toString())
              + "}}}",
          "");
    }

    private void part(String part, String rest) {
      event(
          null,
          "{\"candidates\":[{\"content\":{\"parts\":["
              + part
              + "],\"role\":\"model\"},\"index\":0"
              + (rest.isEmpty() ? "}]" : rest)
              + ",\"responseId\":\""
              + seed
              + "\"}");
    }
  }
}
