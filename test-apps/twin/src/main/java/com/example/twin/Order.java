package com.example.twin;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One call that a program is told to make.
 *
 * @param form the client and the way it is used, a name of {@link Form}
 * @param headers alternating names and values
 */
public record Order(long id, String form, String url, List<String> headers, byte[] body) {

  /** Writes it; read by {@link #readFrom}. */
  public void writeTo(DataOutputStream out) throws IOException {
    out.writeLong(id);
    out.writeUTF(form);
    out.writeUTF(url);
    Strings.write(out, headers);
    out.writeInt(body.length);
    out.write(body);
  }

  static Order readFrom(DataInputStream in) throws IOException {
    long id = in.readLong();
    String form = in.readUTF();
    String url = in.readUTF();
    List<String> headers = Strings.read(in);
    return new Order(id, form, url, headers, in.readNBytes(in.readInt()));
  }

  /** Lists of strings on the control connection. */
  static final class Strings {
    private Strings() {}

    static void write(DataOutputStream out, List<String> strings) throws IOException {
      out.writeInt(strings.size());
      for (String string : strings) {
        out.writeUTF(string);
      }
    }

    static List<String> read(DataInputStream in) throws IOException {
      int count = in.readInt();
      List<String> strings = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        strings.add(in.readUTF());
      }
      return strings;
    }
  }
}
