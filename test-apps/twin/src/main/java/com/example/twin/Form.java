package com.example.twin;

/** The clients, and the ways applications use them. */
public enum Form {
  OKHTTP_BYTES(OkHttpForms::bytes),
  OKHTTP_STREAM(OkHttpForms::stream),
  OKHTTP_ENQUEUE(OkHttpForms::enqueue),
  OKHTTP_H2(OkHttpForms::http2),
  OKHTTP_H2_ENQUEUE(OkHttpForms::http2Enqueue),
  JAVA_HTTP_STRING(JavaHttpForms::string),
  JAVA_HTTP_BYTES(JavaHttpForms::bytes),
  JAVA_HTTP_STREAM(JavaHttpForms::stream),
  JAVA_HTTP_LINES(JavaHttpForms::lines),
  JAVA_HTTP_ASYNC(JavaHttpForms::async),
  JAVA_HTTP_ASYNC_STREAM(JavaHttpForms::asyncStream),
  JAVA_HTTP_UPGRADE(JavaHttpForms::upgrade),
  JAVA_HTTP_H2(JavaHttpForms::http2),
  JAVA_HTTP_H2_ASYNC(JavaHttpForms::http2Async),
  URL_CONNECTION(UrlConnectionForms::plain),
  URL_CONNECTION_INPUT(UrlConnectionForms::input),
  URL_CONNECTION_FIXED(UrlConnectionForms::fixed),
  URL_CONNECTION_CHUNKED(UrlConnectionForms::chunked),
  URL_CONNECTION_CONNECT(UrlConnectionForms::connect),
  URL_CONNECTION_AVAILABLE(UrlConnectionForms::available);

  /** One way to make a call. */
  interface Way {
    void call(Order order, Sight sight) throws Exception;
  }

  private final Way way;

  Form(Way way) {
    this.way = way;
  }

  /** Whether the call goes through HTTP/2 and TLS. */
  public boolean isHttp2() {
    return name().contains("_H2");
  }

  /** The library: okhttp, java-http or url-connection. */
  public String client() {
    return name().startsWith("OKHTTP")
        ? "okhttp"
        : name().startsWith("JAVA_HTTP") ? "java-http" : "url-connection";
  }

  /** Whether the application gets the body all at once, so that of a broken one it sees nothing. */
  public boolean givesAllAtOnce() {
    return this == OKHTTP_BYTES
        || this == JAVA_HTTP_STRING
        || this == JAVA_HTTP_BYTES
        || this == JAVA_HTTP_ASYNC;
  }

  /** Whether the application gets text, in which bytes that are none are lost. */
  public boolean givesText() {
    return this == JAVA_HTTP_STRING || this == JAVA_HTTP_LINES || this == JAVA_HTTP_ASYNC;
  }

  Outcome call(Order order) {
    Sight sight = new Sight();
    long begun = System.nanoTime();
    Throwable thrown = null;
    try {
      way.call(order, sight);
    } catch (Throwable failure) {
      thrown = failure;
    }
    return sight.outcome(order.id(), thrown, (System.nanoTime() - begun) / 1_000_000);
  }
}
