package io.flyball.instrumentation.httpurlconnection;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The JDK's {@link java.net.HttpURLConnection}, http and https, Java 8 to 25.
 *
 * <p>The one-argument {@code openConnection} of both handlers calls the two-argument form (javap on
 * 8, 11, 17, 21 and 25), so that one is hooked. {@code java.net.URL} is not: it opens every jar and
 * file too, inside class loading.
 */
public final class HttpUrlConnectionInstrumentation implements ClientInstrumentation {
  static final String NAME = "http-url-connection";

  /** A connection was opened: arguments are the URL and the explicit proxy or null. */
  static final String OPENED = NAME + ":opened";

  /** A connection uses a socket: the result, or the only argument, is that socket. */
  static final String SOCKET = NAME + ":socket";

  /** A connection asks for the cookies of the JVM: the result. */
  static final String COOKIES = NAME + ":cookies";

  /** A connection needs a password: the last argument is who wants it, a server or a proxy. */
  static final String PASSWORD = NAME + ":password";

  private static final String ASKED =
      "java.lang.String,java.net.InetAddress,int,java.lang.String,java.lang.String,"
          + "java.lang.String,java.net.URL,java.net.Authenticator$RequestorType";

  private static final String HTTP_HANDLER = "sun.net.www.protocol.http.Handler";
  private static final String HTTPS_HANDLER = "sun.net.www.protocol.https.Handler";
  private static final String HTTP_CLIENT = "sun.net.www.http.HttpClient";

  /** Required by {@link java.util.ServiceLoader}. */
  public HttpUrlConnectionInstrumentation() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Hook> hooks() {
    String opened = OpenConnectionAdvice.class.getName();
    String created = SocketCreatedAdvice.class.getName();
    String used = SocketUsedAdvice.class.getName();
    return Collections.unmodifiableList(
        Arrays.asList(
            new Hook(HTTP_HANDLER, "openConnection", opened, "java.net.URL", "java.net.Proxy"),
            new Hook(HTTPS_HANDLER, "openConnection", opened, "java.net.URL", "java.net.Proxy"),
            new Hook("sun.net.NetworkClient", "createSocket", created),
            new Hook("sun.net.www.protocol.https.HttpsClient", "createSocket", created),
            new Hook(
                HTTP_CLIENT,
                "writeRequests",
                used,
                "sun.net.www.MessageHeader",
                "sun.net.www.http.PosterOutputStream",
                "boolean"),
            new Hook("java.net.CookieHandler", "getDefault", CookieHandlerAdvice.class.getName()),
            new Hook(
                "java.net.Authenticator",
                "requestPasswordAuthentication",
                AuthenticatorAdvice.class.getName(),
                (isJava8() ? ASKED : "java.net.Authenticator," + ASKED).split(","))));
  }

  static boolean isJava8() {
    return System.getProperty("java.specification.version").startsWith("1.");
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.unmodifiableList(
        Arrays.asList(
            Witness.method(HTTP_HANDLER, "openConnection"),
            Witness.method(HTTPS_HANDLER, "openConnection")));
  }

  @Override
  public String clientOf(String hookedType) {
    return "HttpURLConnection";
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.httpurlconnection.HttpUrlConnectionPlugin";
  }

  @Override
  public boolean isLoadedBeforeItsFirstCall() {
    return false;
  }
}
