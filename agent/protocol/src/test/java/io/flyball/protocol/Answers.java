package io.flyball.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/** Calls to read, and ways to feed an answer to a reader. */
final class Answers {
  static final RequestFacts CHAT = call("/v1/chat/completions", "\"messages\":[]");
  static final RequestFacts RESPONSES = call("/v1/responses", "\"input\":\"\"");
  static final RequestFacts EMBEDDINGS = call("/v1/embeddings", "\"input\":\"\"");
  static final RequestFacts COMPLETIONS = call("/v1/completions", "\"prompt\":\"\"");
  static final RequestFacts MESSAGES = call("/v1/messages", "\"messages\":[],\"max_tokens\":1");
  static final RequestFacts GEMINI = gemini("generateContent", "\"contents\":[]");
  static final RequestFacts GEMINI_STREAM = gemini("streamGenerateContent", "\"contents\":[]");
  static final RequestFacts GEMINI_EMBED = gemini("embedContent", "\"content\":{}");

  private Answers() {}

  private static RequestFacts gemini(String method, String fields) {
    return recognise("localhost", "/v1beta/models/m:" + method, "{" + fields + "}");
  }

  private static RequestFacts call(String path, String fields) {
    return recognise("localhost", path, "{\"model\":\"m\",\"stream\":true," + fields + "}");
  }

  static RequestFacts recognise(String host, String path, String body) {
    return recognise(
        new Protocols(Collections.<Endpoint>emptyList()), "https", host, 443, path, body);
  }

  static RequestFacts recognise(
      Protocols protocols, String scheme, String host, int port, String target, String body) {
    String[] parts = target.split("\\?", 2);
    RequestHead head =
        new RequestHead(
            "POST", scheme, host, port, parts[0], parts.length > 1 ? parts[1] : null, name -> null);
    return protocols.recognise(head, bytes(body));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static ResponseReader reader(RequestFacts call, int status) {
    return call.protocol().reader(call, status, null);
  }

  static ResponseFacts read(RequestFacts call, String body) {
    return read(call, 200, body);
  }

  static ResponseFacts read(RequestFacts call, int status, String body) {
    ResponseReader reader = reader(call, status);
    reader.feed(ByteBuffer.wrap(bytes(body)));
    reader.end();
    return reader.facts();
  }

  /** Feeds the bytes in pieces of the given lengths, over and over, and ends the answer. */
  static void feed(ResponseReader reader, byte[] body, List<Integer> lengths) {
    int offset = 0;
    for (int i = 0; offset < body.length; i++) {
      int length = Math.min(lengths.get(i % lengths.size()), body.length - offset);
      reader.feed(ByteBuffer.wrap(body, offset, length).asReadOnlyBuffer());
      offset += length;
    }
    reader.end();
  }
}
