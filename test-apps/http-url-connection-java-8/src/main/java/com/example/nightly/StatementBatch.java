package com.example.nightly;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The nightly job of a bank: sorts account movements into categories and writes a report. Java 8,
 * no library at all, knows nothing of Flyball. Reads {@code LLM_BASE_URL} and {@code LLM_API_KEY}.
 */
public final class StatementBatch {
  private final String baseUrl;
  private final String apiKey;

  StatementBatch(String baseUrl, String apiKey) {
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
  }

  public static void main(String[] arguments) throws IOException {
    StatementBatch batch =
        new StatementBatch(System.getenv("LLM_BASE_URL"), System.getenv("LLM_API_KEY"));
    List<String> categories = new ArrayList<>();
    try (BufferedReader statements =
        new BufferedReader(
            new InputStreamReader(
                StatementBatch.class.getResourceAsStream("/statements.csv"),
                StandardCharsets.UTF_8))) {
      for (String line = statements.readLine(); line != null; line = statements.readLine()) {
        String[] fields = line.split(";");
        String category;
        try {
          category = batch.categorise(fields[1], fields[2]);
        } catch (IOException e) {
          category = "unknown (" + e.getClass().getSimpleName() + ")";
        }
        System.out.println(fields[0] + " " + fields[1] + " -> " + category);
        categories.add(category);
      }
    }
    System.out.println("report: " + batch.report(categories));
  }

  String categorise(String amount, String purpose) throws IOException {
    HttpURLConnection connection =
        post(
            "{\"model\":\"gpt-4.1-nano\",\"temperature\":0,\"max_tokens\":5,\"messages\":["
                + message("system", "One word: housing, income, leisure, food or other.")
                + ","
                + message("user", amount + " " + purpose)
                + "]}");
    int status = connection.getResponseCode();
    if (status != 200) {
      throw new IOException("HTTP " + status);
    }
    return content(readAll(connection.getInputStream()));
  }

  String report(List<String> categories) throws IOException {
    HttpURLConnection connection =
        post(
            "{\"model\":\"gpt-4.1-mini\",\"stream\":true,\"messages\":["
                + message("user", "Write a report on " + categories)
                + "]}");
    StringBuilder report = new StringBuilder();
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        if (line.startsWith("data: {")) {
          report.append(content(line));
        }
      }
    }
    return report.toString();
  }

  private HttpURLConnection post(String json) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(baseUrl + "/chat/completions").openConnection();
    connection.setRequestMethod("POST");
    connection.setConnectTimeout(5_000);
    connection.setReadTimeout(30_000);
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Authorization", "Bearer " + apiKey);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    }
    return connection;
  }

  private static String message(String role, String text) {
    return "{\"role\":\""
        + role
        + "\",\"content\":\""
        + text.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\"}";
  }

  /** The way such jobs read JSON. */
  private static String content(String json) {
    int start = json.indexOf("\"content\":");
    if (start < 0) {
      return "";
    }
    start = json.indexOf('"', start + 10);
    int end = start < 0 ? -1 : json.indexOf('"', start + 1);
    return end < 0 ? "" : json.substring(start + 1, end);
  }

  private static String readAll(InputStream in) throws IOException {
    try (InputStream source = in) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }
  }
}
