package com.example.patience;

import java.util.concurrent.Callable;

/** Makes the calls that the arguments name and prints how each of them ended. */
final class Calls {
  private final String providerUrl = System.getenv("PROVIDER_URL");

  /** Where nobody listens. */
  private final String closedUrl = System.getenv("CLOSED_URL");

  private final String[] cases;

  Calls(String[] cases) {
    this.cases = cases;
  }

  /** What an SDK is asked for. */
  interface Sdk {

    /**
     * Makes one call.
     *
     * @param name of the case; the provider answers by it, since it is the first part of the path
     * @param url of the provider for that case, without a slash at the end
     */
    Object call(String name, String url) throws Exception;
  }

  void make(Sdk sdk) {
    for (String name : cases) {
      long start = System.nanoTime();
      String host = name.startsWith("refused") ? closedUrl : providerUrl;
      String end = end(() -> sdk.call(name, host + '/' + name));
      System.out.println(name + " | " + end + " | " + (System.nanoTime() - start) / 1_000_000);
    }
    System.exit(0);
  }

  private static String end(Callable<Object> call) {
    try {
      call.call();
      return "answered";
    } catch (Throwable failure) {
      StringBuilder chain = new StringBuilder();
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        chain.append(chain.length() == 0 ? "" : " < ").append(cause.getClass().getSimpleName());
      }
      Throwable root = failure;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return chain
          .append(": ")
          .append(failure.getMessage())
          .append(" < ")
          .append(root.getMessage())
          .toString()
          .replaceAll("\\s+", " ");
    }
  }
}
