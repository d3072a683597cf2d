package com.example.twin;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the application saw of a call.
 *
 * @param status 0 when it got no answer
 * @param headers alternating names (lower case) and values, sorted by name
 * @param body what it could read
 * @param failure the class of what was thrown, with those of its causes; null when the answer ended
 *     as answers end
 * @param message of what was thrown; null without a failure
 * @param millis from the call until its end
 */
public record Outcome(
    long id,
    int status,
    List<String> headers,
    byte[] body,
    List<String> failure,
    String message,
    long millis) {

  void writeTo(DataOutputStream out) throws IOException {
    out.writeLong(id);
    out.writeInt(status);
    Order.Strings.write(out, headers);
    out.writeInt(body.length);
    out.write(body);
    out.writeBoolean(failure != null);
    if (failure != null) {
      Order.Strings.write(out, failure);
      out.writeUTF(message);
    }
    out.writeLong(millis);
  }

  /** Reads what {@link #writeTo} wrote. */
  public static Outcome readFrom(DataInputStream in) throws IOException {
    long id = in.readLong();
    int status = in.readInt();
    List<String> headers = Order.Strings.read(in);
    byte[] body = in.readNBytes(in.readInt());
    boolean failed = in.readBoolean();
    List<String> failure = failed ? Order.Strings.read(in) : null;
    String message = failed ? in.readUTF() : null;
    return new Outcome(id, status, headers, body, failure, message, in.readLong());
  }

  /** Whether something was thrown. */
  public boolean isFailure() {
    return failure != null;
  }

  /** The values of a header, in the order they came. */
  public List<String> header(String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equals(name)) {
        values.add(headers.get(i + 1));
      }
    }
    return values;
  }
}
