package com.example.outside;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.ktor.client.HttpClientJvmKt;
import io.ktor.client.request.HttpRequestBuilder;
import io.ktor.client.request.HttpRequestKt;
import io.ktor.client.statement.HttpResponse;
import io.ktor.client.statement.HttpStatement;
import io.ktor.http.HttpMethod;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.Dsl;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.StringRequestContent;

/** One call through each of some clients that fewer programs use. */
final class RarerClients {
  private RarerClients() {}

  static String jetty(String url, String body) throws Exception {
    HttpClient client = new HttpClient();
    client.start();
    try {
      return String.valueOf(
          client
              .POST(url)
              .body(new StringRequestContent("application/json", body))
              .send()
              .getStatus());
    } finally {
      client.stop();
    }
  }

  static String vertx(String url, String body) throws Exception {
    URI target = URI.create(url);
    Vertx vertx = Vertx.vertx();
    try {
      return vertx
          .createHttpClient()
          .request(
              io.vertx.core.http.HttpMethod.POST,
              target.getPort(),
              target.getHost(),
              target.getPath())
          .compose((HttpClientRequest request) -> request.send(body))
          .map(response -> String.valueOf(response.statusCode()))
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }

  static String grpcNetty(String url) {
    URI target = URI.create(url);
    return grpc(
        NettyChannelBuilder.forAddress(target.getHost(), target.getPort()).usePlaintext().build());
  }

  static String grpcOkHttp(String url) {
    URI target = URI.create(url);
    return grpc(
        OkHttpChannelBuilder.forAddress(target.getHost(), target.getPort()).usePlaintext().build());
  }

  /** The other end does not speak it: that there was no answer is all there is to see. */
  private static String grpc(ManagedChannel channel) {
    MethodDescriptor<byte[], byte[]> generate =
        MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("example.Models/Generate")
            .build();
    try {
      ClientCalls.blockingUnaryCall(channel, generate, CallOptions.DEFAULT, new byte[1]);
      return "answered";
    } catch (StatusRuntimeException expected) {
      return "no answer";
    } finally {
      channel.shutdownNow();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }

  static String ktor(String url) throws InterruptedException {
    HttpRequestBuilder request = new HttpRequestBuilder();
    HttpRequestKt.url(request, url);
    request.setMethod(HttpMethod.Companion.getPost());
    try (io.ktor.client.HttpClient client = HttpClientJvmKt.HttpClient(config -> null)) {
      HttpResponse response =
          BuildersKt.runBlocking(
              EmptyCoroutineContext.INSTANCE,
              (scope, continuation) -> new HttpStatement(request, client).execute(continuation));
      return String.valueOf(response.getStatus().getValue());
    }
  }

  static String asyncHttpClient(String url, String body) throws Exception {
    try (AsyncHttpClient client = Dsl.asyncHttpClient()) {
      return String.valueOf(client.preparePost(url).setBody(body).execute().get().getStatusCode());
    }
  }

  static String netty(String url, String body) throws Exception {
    URI target = URI.create(url);
    CompletableFuture<String> status = new CompletableFuture<>();
    NioEventLoopGroup group = new NioEventLoopGroup(1);
    try {
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(
              HttpVersion.HTTP_1_1,
              io.netty.handler.codec.http.HttpMethod.POST,
              target.getPath(),
              Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
      request.headers().set("Host", target.getAuthority());
      request.headers().set("Content-Length", request.content().readableBytes());
      new Bootstrap()
          .group(group)
          .channel(NioSocketChannel.class)
          .handler(
              new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                  channel
                      .pipeline()
                      .addLast(new HttpClientCodec(), new HttpObjectAggregator(1 << 20))
                      .addLast(
                          new SimpleChannelInboundHandler<FullHttpResponse>() {
                            @Override
                            protected void channelRead0(
                                ChannelHandlerContext context, FullHttpResponse response) {
                              status.complete(String.valueOf(response.status().code()));
                            }
                          });
                }
              })
          .connect(target.getHost(), target.getPort())
          .sync()
          .channel()
          .writeAndFlush(request);
      return status.get();
    } finally {
      group.shutdownGracefully();
    }
  }
}
