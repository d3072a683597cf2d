package io.flyball.attached;

import io.flyball.instrumentation.testing.jvm.Jdk;
import java.util.Arrays;
import java.util.List;

/** A client that the contract is run on, and the JDKs it is run on. */
enum ContractClient {
  OKHTTP_3_9("okhttp-3", "okhttp-3.9.1", 17),
  OKHTTP_3_14("okhttp-3", "okhttp-3.14.9", 8),
  OKHTTP_4("okhttp-3", "okhttp-4.12.0", 11, 17),
  OKHTTP_5("okhttp-3", "okhttp-5.5.1", 17, 21, 25),
  JAVA_HTTP_CLIENT("java-http-client-11", null, 11, 17, 21, 25),
  HTTP_URL_CONNECTION("http-url-connection", null, 8, 11, 17, 21, 25);

  private final String instrumentation;
  private final String library;
  private final List<Integer> javaVersions;

  ContractClient(String instrumentation, String library, Integer... javaVersions) {
    this.instrumentation = instrumentation;
    this.library = library;
    this.javaVersions = Arrays.asList(javaVersions);
  }

  /** The folder and the setting of its instrumentation. */
  String instrumentation() {
    return instrumentation;
  }

  boolean isRunOn(Jdk jdk) {
    return javaVersions.contains(jdk.version());
  }

  String classPath() {
    return Built.contractClassPath(instrumentation, library);
  }

  @Override
  public String toString() {
    return library == null ? instrumentation : library;
  }
}
