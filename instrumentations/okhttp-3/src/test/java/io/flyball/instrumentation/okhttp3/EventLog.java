package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/** What the listeners of a client hear, in order; each call by its number. */
final class EventLog {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  void add(String event) {
    events.add(event);
  }

  List<String> events() {
    return new ArrayList<>(events);
  }

  /** Whether every call has ended, one way or the other. */
  boolean isOver() {
    return calls.get() > 0 && ended.get() >= calls.get();
  }

  Interceptor networkInterceptor() {
    return chain -> {
      events.add("network interceptor");
      return chain.proceed(chain.request());
    };
  }

  EventListener of(Call itsCall) {
    return new Listener(calls.incrementAndGet(), itsCall);
  }

  private final class Listener extends EventListener {
    private final int number;
    private final Call itsCall;

    Listener(int number, Call itsCall) {
      this.number = number;
      this.itsCall = itsCall;
    }

    private void hear(Call call, String event) {
      events.add(number + (call == itsCall ? " " : " of another call: ") + event);
    }

    @Override
    public void callStart(Call call) {
      hear(call, "callStart");
    }

    @Override
    public void dnsStart(Call call, String name) {
      hear(call, "dnsStart");
    }

    @Override
    public void dnsEnd(Call call, String name, List<InetAddress> addresses) {
      hear(call, "dnsEnd");
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
      hear(call, "connectStart");
    }

    @Override
    public void secureConnectStart(Call call) {
      hear(call, "secureConnectStart");
    }

    @Override
    public void secureConnectEnd(Call call, Handshake handshake) {
      hear(call, "secureConnectEnd");
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, Protocol protocol) {
      hear(call, "connectEnd");
    }

    @Override
    public void connectFailed(
        Call call, InetSocketAddress address, Proxy proxy, Protocol protocol, IOException failure) {
      hear(call, "connectFailed");
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
      hear(call, "connectionAcquired");
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
      hear(call, "connectionReleased");
    }

    @Override
    public void requestHeadersStart(Call call) {
      hear(call, "requestHeadersStart");
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
      hear(call, "requestHeadersEnd");
    }

    @Override
    public void requestBodyStart(Call call) {
      hear(call, "requestBodyStart");
    }

    @Override
    public void requestBodyEnd(Call call, long bytes) {
      hear(call, "requestBodyEnd");
    }

    @Override
    public void responseHeadersStart(Call call) {
      hear(call, "responseHeadersStart");
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
      hear(call, "responseHeadersEnd " + response.code());
    }

    @Override
    public void responseBodyStart(Call call) {
      hear(call, "responseBodyStart");
    }

    @Override
    public void responseBodyEnd(Call call, long bytes) {
      hear(call, "responseBodyEnd");
    }

    /** Since OkHttp 3.14. */
    @SuppressWarnings({"MissingOverride", "unused"})
    public void requestFailed(Call call, IOException failure) {
      hear(call, "requestFailed");
    }

    /** Since OkHttp 3.14. */
    @SuppressWarnings({"MissingOverride", "unused"})
    public void responseFailed(Call call, IOException failure) {
      hear(call, "responseFailed");
    }

    /** Since OkHttp 4. */
    @SuppressWarnings("unused")
    public void canceled(Call call) {
      hear(call, "canceled");
    }

    @Override
    public void callEnd(Call call) {
      hear(call, "callEnd");
      ended.incrementAndGet();
    }

    @Override
    public void callFailed(Call call, IOException failure) {
      hear(call, "callFailed " + failure.getClass().getName());
      ended.incrementAndGet();
    }
  }
}
