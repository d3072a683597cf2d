package io.flyball.instrumentation.ungoverned;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * HTTP clients that Flyball knows and does not govern. A table, nothing else: of each a class that
 * is loaded where the client is used, and the methods, if any, that are called with the host.
 */
final class KnownClients {
  /** By the class that tells of it. */
  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  private static final List<String[]> METHODS = new ArrayList<>();

  static {
    String apache4 = "Apache HttpClient 4";
    method(
        apache4,
        "org.apache.http.impl.conn.PoolingHttpClientConnectionManager",
        "requestConnection");
    method(
        apache4, "org.apache.http.impl.conn.PoolingClientConnectionManager", "requestConnection");
    method(
        apache4,
        "org.apache.http.impl.conn.tsccm.ThreadSafeClientConnManager",
        "requestConnection");
    method(apache4, "org.apache.http.impl.conn.DefaultHttpClientConnectionOperator", "connect");
    method(apache4, "org.apache.http.impl.conn.DefaultClientConnectionOperator", "openConnection");
    method(
        "Apache HttpAsyncClient 4",
        "org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager",
        "requestConnection");
    String apache5 = "Apache HttpClient 5";
    method(
        apache5, "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager", "lease");
    method(
        apache5,
        "org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator",
        "connect");
    method(
        apache5,
        "org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager",
        "lease");
    method(
        apache5,
        "org.apache.hc.client5.http.impl.nio.DefaultAsyncClientConnectionOperator",
        "connect");
    method("Jetty HttpClient", "org.eclipse.jetty.io.ClientConnector", "connect");
    method("gRPC (OkHttp)", "io.grpc.okhttp.OkHttpClientTransport", "<init>");
    method("Ktor CIO", "io.ktor.client.engine.cio.Endpoint", "<init>");
    client("Jetty HttpClient", "org.eclipse.jetty.client.HttpClient");
    client("Apache HttpClient 3", "org.apache.commons.httpclient.HttpClient");
    client("OkHttp 2", "com.squareup.okhttp.OkHttpClient");
    client("AWS SDK 2 (Apache)", "software.amazon.awssdk.http.apache.ApacheHttpClient");
    client("AWS SDK 2 (Apache 5)", "software.amazon.awssdk.http.apache5.Apache5HttpClient");
    client("AWS SDK 2 (Netty)", "software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient");
    client("AWS SDK 2 (CRT)", "software.amazon.awssdk.http.crt.AwsCrtHttpClient");
    client("AWS SDK 2 (CRT)", "software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient");
    client("Reactor Netty", "reactor.netty.http.client.HttpClientConnect");
    client("Vert.x", "io.vertx.core.http.impl.HttpClientImpl");
    client("gRPC (Netty)", "io.grpc.netty.NettyChannelBuilder");
    client("gRPC (shaded Netty)", "io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder");
    client("Ktor CIO", "io.ktor.client.engine.cio.CIOEngine");
    client("AsyncHttpClient", "org.asynchttpclient.DefaultAsyncHttpClient");
    client("Azure (Netty)", "com.azure.core.http.netty.NettyAsyncHttpClient");
    client("Armeria", "com.linecorp.armeria.client.ClientFactoryBuilder");
  }

  private KnownClients() {}

  private static void client(String name, String type) {
    NAMES.put(type, name);
  }

  private static void method(String name, String type, String method) {
    NAMES.put(type, name);
    METHODS.add(new String[] {type, method});
  }

  /** The client that a class is of; null when it is of none. */
  static String name(String type) {
    return NAMES.get(type);
  }

  /** Classes that tell of a client. */
  static Iterable<String> types() {
    return Collections.unmodifiableSet(NAMES.keySet());
  }

  /** Type and method of what is called with a host. */
  static List<String[]> methods() {
    return Collections.unmodifiableList(METHODS);
  }
}
