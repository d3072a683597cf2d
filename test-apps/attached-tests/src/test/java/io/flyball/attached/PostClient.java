package io.flyball.attached;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.nio.file.Path;

/** A client without an SDK of the program that sends the requests of a folder. */
enum PostClient {
  /** When an answer is closed OkHttp goes on reading for 100 ms, hoping for its end. */
  OKHTTP("failover", "com.example.failover.OkHttpPoster", 100),
  HTTP_URL_CONNECTION("failover", "com.example.failover.HttpUrlConnectionPoster", 0),
  JAVA_HTTP("failover-java-17", "com.example.failover.java17.JavaHttpPoster", 0);

  private final String application;
  private final String poster;
  private final long lingersMillis;

  PostClient(String application, String poster, long lingersMillis) {
    this.application = application;
    this.poster = poster;
    this.lingersMillis = lingersMillis;
  }

  /** How long it keeps a connection that is no longer wanted, without Flyball too. */
  long lingersMillis() {
    return lingersMillis;
  }

  JavaProcess.Builder program(Jdk jdk, Path requests, String endUrl) {
    return JavaProcess.on(jdk)
        .classPath(
            Built.classPath(application),
            "com.example.failover.Posts",
            poster,
            requests.toString(),
            endUrl);
  }
}
