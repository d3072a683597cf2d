package com.example.twin;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

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

  static void chunked(Order order, Sight sight) throws IOException {
    HttpURLConnection connection = open(order);
    connection.setChunkedStreamingMode(0);
    write(connection, order);
    read(connection, sight);
  }
}
