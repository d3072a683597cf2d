package io.flyball.attached;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.nio.file.Path;

/** A client without an SDK of the program that sends the requests of a folder. */
enum PostClient {
  OKHTTP("failover", "com.example.failover.OkHttpPoster"),
  HTTP_URL_CONNECTION("failover", "com.example.failover.HttpUrlConnectionPoster"),
  JAVA_HTTP("failover-java-17", "com.example.failover.java17.JavaHttpPoster");

  private final String application;
  private final String poster;

  PostClient(String application, String poster) {
    this.application = application;
    this.poster = poster;
  }

  JavaProcess.Builder program(Jdk jdk, Path requests, String endUrl) {
    return JavaProcess.on(jdk)
        .classPath(
            Built.classPath(application),
            "com.example.failover.Posts",
            poster,
            requests.toString());
  }
}
