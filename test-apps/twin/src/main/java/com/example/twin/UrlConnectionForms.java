package com.example.twin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Arrays;

/** Calls through HttpURLConnection. */
final class UrlConnectionForms {
  private UrlConnectionForms() {}

  private static HttpURLConnection open(Order order) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(order.url()).toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setReadTimeout(10_000);
    connection.setRequestProperty("Content-Type", "application/json");
    for (int i = 0; i < order.headers().size(); i += 2) {
      connection.setRequestProperty(order.headers().get(i), order.headers().get(i + 1));
    }
    return connection;
  }

  private static void write(HttpURLConnection connection, Order order) throws IOException {
    try (OutputStream out = connection.getOutputStream()) {
      out.write(order.body());
    }
  }

  private static void read(HttpURLConnection connection, Sight sight) throws IOException {
    int status = connection.getResponseCode();
    sight.status(status);
    sight.headers(connection.getHeaderFields());
    sight.drain(status >= 400 ? connection.getErrorStream() : connection.getInputStream());
  }

  static void plain(Order order, Sight sight) throws IOException {
    HttpURLConnection connection = open(order);
    write(connection, order);
    read(connection, sight);
  }

  /** The way of those who never look at the status. */
  static void input(Order order, Sight sight) throws IOException {
    HttpURLConnection connection = open(order);
    write(connection, order);
    sight.drain(connection.getInputStream());
    sight.status(connection.getResponseCode());
    sight.headers(connection.getHeaderFields());
  }

  static void fixed(Order order, Sight sight) throws IOException {
    HttpURLConnection connection = open(order);
    connection.setFixedLengthStreamingMode(order.body().length);
    write(connection, order);
    read(connection, sight);
  }

  /** The way of those who look at the connection before they send anything. */
  static void connect(Order order, Sight sight) throws IOException {
    HttpURLConnection connection = open(order);
    connection.connect();
    write(connection, order);
    read(connection, sight);
  }

  /** Waits for the first byte and then takes what is available at once for all there is. */
  static void available(Order order, Sight sight) throws IOException {
    HttpURLConnection connection = open(order);
    write(connection, order);
    int status = connection.getResponseCode();
    sight.status(status);
    sight.headers(connection.getHeaderFields());
    InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    if (in == null) {
      return;
    }
    try (in) {
      for (int first = in.read(); first >= 0; first = in.read()) {
        sight.bytes(new byte[] {(byte) first});
        byte[] more = new byte[in.available()];
        if (more.length > 0) {
          sight.bytes(Arrays.copyOf(more, Math.max(0, in.read(more))));
        }
      }
    }
  }

  static void chunked(Order order, Sight sight) throws IOException {
    HttpURLConnection connection = open(order);
    connection.setChunkedStreamingMode(0);
    write(connection, order);
    read(connection, sight);
  }
}
