package com.example.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends every recorded request of a folder to a server and prints what came back: status, a digest
 * of the headers, a digest of the body, or the exception. Two runs that print the same received the
 * same.
 *
 * <p>Arguments: client ({@code okhttp}, {@code http-url-connection} or a class name), base URL,
 * folder. A request file holds a path on its first line, then headers, an empty line and the body.
 */
public final class Replay {

  /** A raw HTTP client under test. */
  public interface RawClient {

    /** Sends one POST and reads the answer to its end. */
    Received post(String url, Map<String, String> headers, byte[] body) throws Exception;
  }

  /** What a client received. */
  public static final class Received {
    private final int status;
    private final TreeSet<String> headerLines = new TreeSet<>();
    private final byte[] body;

    public Received(int status, Iterable<String> headerLines, byte[] body) {
      this.status = status;
      for (String line : headerLines) {
        this.headerLines.add(line);
      }
      this.body = body;
    }
  }

  private Replay() {}

  public static void main(String[] arguments) throws Exception {
    RawClient client = client(arguments[0]);
    List<Path> files;
    try (Stream<Path> found = Files.list(Paths.get(arguments[2]))) {
      files = found.sorted().collect(Collectors.toList());
    }
    for (Path file : files) {
      System.out.println(file.getFileName() + " " + replay(client, arguments[1], file));
    }
    System.out.println("replayed " + files.size());
    System.exit(0);
  }

  private static RawClient client(String name) throws ReflectiveOperationException {
    switch (name) {
      case "okhttp":
        return new OkHttpRawClient();
      case "http-url-connection":
        return new HttpUrlConnectionRawClient();
      default:
        return (RawClient) Class.forName(name).getDeclaredConstructor().newInstance();
    }
  }

  private static String replay(RawClient client, String baseUrl, Path file) throws IOException {
    List<String> head = new ArrayList<>();
    byte[] all = Files.readAllBytes(file);
    int bodyStart = 0;
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
        head.add(line);
        bodyStart += line.getBytes(StandardCharsets.UTF_8).length + 1;
      }
    }
    byte[] body = new byte[all.length - bodyStart - 1];
    System.arraycopy(all, bodyStart + 1, body, 0, body.length);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : head.subList(1, head.size())) {
      int colon = line.indexOf(": ");
      headers.put(line.substring(0, colon), line.substring(colon + 2));
    }
    try {
      Received received = client.post(baseUrl + head.get(0), headers, body);
      return received.status
          + " headers="
          + digest(received.headerLines.toString().getBytes(StandardCharsets.UTF_8))
          + " body="
          + received.body.length
          + ":"
          + digest(received.body);
    } catch (Exception e) {
      return "threw " + e;
    }
  }

  private static String digest(byte[] bytes) {
    try {
      StringBuilder hex = new StringBuilder();
      for (byte b : MessageDigest.getInstance("SHA-256").digest(bytes)) {
        hex.append(String.format("%02x", b));
      }
      return hex.substring(0, 24);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
