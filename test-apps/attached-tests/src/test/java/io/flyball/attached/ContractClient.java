package io.flyball.attached;

import io.flyball.instrumentation.testing.jvm.Jdk;
import java.util.Arrays;
import java.util.List;

/** A client that the contract is run on, and the JDKs it is run on. */
enum ContractClient {
  OKHTTP_3_9("okhttp-3", "okhttp-3.9.1", 17),
  OKHTTP_3_14("okhttp-3", "okhttp-3.14.9", 8),
  OKHTTP_4("okhttp-3", "okhttp-4.12.0", 17, 11),
  OKHTTP_5("okhttp-3", "okhttp-5.5.1", 25, 21, 17),
  JAVA_HTTP_CLIENT("java-http-client-11", null, 25, 21, 17, 11),
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

  /** Those of the wanted JDKs that the governed client is run on: all, if it is the JDK's own. */
  List<Jdk> jdks() {
    return library == null
        ? Jdk.enough(this::isRunOn, javaVersions.toArray(new Integer[0]))
        : oneJdk();
  }

  /** One of them is enough. */
  List<Jdk> oneJdk() {
    return Jdk.enough(this::isRunOn, javaVersions.get(0));
  }

  private boolean isRunOn(Jdk jdk) {
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
