package io.flyball.twin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A reply as bytes on an HTTP/1.1 connection, for the request that it answers.
 *
 * @param writes what is written at once, in order; the first holds the head
 * @param body the body without its framing
 */
record Rendering(List<byte[]> writes, byte[] body, List<String> headers) {

  static Rendering of(Reply reply, SeenRequest request) {
    List<byte[]> parts = new ArrayList<>(reply.payload());
    if (reply.usage() != null && request.asksForUsage()) {
      parts.add(Math.max(0, parts.size() - 1), reply.usage());
    }
    List<String> headers = new ArrayList<>(reply.headers());
    String coding = reply.coding();
    if (coding != null && !reply.codingUnasked() && !request.accepts(Encoding.header(coding))) {
      coding = null;
    }
    if (coding != null) {
      parts = List.of(Encoding.encode(coding, join(parts)));
      headers.add("Content-Encoding: " + Encoding.header(coding));
    }
    byte[] body = join(parts);
    List<byte[]> pieces = reply.pieces().isEmpty() ? parts : split(body, reply.pieces());
    boolean chunked = false;
    switch (reply.framing()) {
      case LENGTH -> headers.add("Content-Length: " + body.length);
      case CHUNKED, CHUNKED_EXTENDED -> {
        headers.add("Transfer-Encoding: chunked");
        chunked = true;
      }
      default -> {}
    }
    StringBuilder head = new StringBuilder();
    for (String interim : reply.interim()) {
      head.append("HTTP/1.1 ").append(interim).append("\r\n\r\n");
    }
    head.append("HTTP/1.1 ").append(reply.status()).append(" Whatever\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    head.append("\r\n");
    List<byte[]> writes = new ArrayList<>();
    writes.add(head.toString().getBytes(StandardCharsets.UTF_8));
    String extension = reply.framing() == Reply.Framing.CHUNKED_EXTENDED ? ";a=b" : "";
    for (byte[] piece : pieces) {
      if (piece.length > 0 && reply.framing() != Reply.Framing.NONE) {
        writes.add(chunked ? chunk(piece, extension) : piece);
      }
    }
    if (chunked) {
      String trailer = extension.isEmpty() ? "" : "X-Trailer: t\r\n";
      writes.add(("0" + extension + "\r\n" + trailer + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
    return new Rendering(writes, body, headers);
  }

  /** All bytes, head included. */
  int length() {
    return writes.stream().mapToInt(write -> write.length).sum();
  }

  private static byte[] chunk(byte[] piece, String extension) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length + 16);
    out.writeBytes(
        (Integer.toHexString(piece.length) + extension + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(piece);
    out.writeBytes(new byte[] {'\r', '\n'});
    return out.toByteArray();
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** The sizes are taken in turn, and the last again and again. */
  static List<byte[]> split(byte[] body, List<Integer> sizes) {
    List<byte[]> pieces = new ArrayList<>();
    int turn = 0;
    for (int from = 0; from < body.length; turn++) {
      int size = sizes.get(Math.min(turn, sizes.size() - 1));
      // A long body in tiny chunks would only take time.
      size = Math.max(size, pieces.size() > 200 ? 4096 : 1);
      int to = Math.min(body.length, from + size);
      pieces.add(java.util.Arrays.copyOfRange(body, from, to));
      from = to;
    }
    return pieces;
  }
}
