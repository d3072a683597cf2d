package io.flyball.instrumentation.ungoverned;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the engine which hosts a client connects to. Every client says it in types of its own: a
 * socket's address, or a host or route that is read by how it prints itself. Resolves no names.
 */
public final class ConnectionsPlugin implements Plugin {
  private static final int MOST_REMEMBERED = 1_000;

  private final Gateway gateway;

  /** Addresses and routes that need not be read again. */
  private final Set<Object> known = ConcurrentHashMap.newKeySet();

  public ConnectionsPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    Object target = arguments == null ? null : target(arguments);
    if (target != null
        && !known.contains(target)
        && known.size() < MOST_REMEMBERED
        && known.add(target)) {
      tell(client(hook.substring(hook.indexOf(':') + 1)), target, arguments);
    }
    return null;
  }

  private static String client(String type) {
    String name = KnownClients.name(type);
    return name == null ? "Netty" : name;
  }

  /** A host or route before addresses, which may be that of this end. */
  private static Object target(Object[] arguments) {
    Object address = null;
    for (Object argument : arguments) {
      if (argument == null) {
        continue;
      }
      String type = argument.getClass().getSimpleName();
      if (type.equals("HttpHost") || type.equals("HttpRoute")) {
        return argument;
      }
      if (address == null
          && (argument instanceof InetSocketAddress || argument instanceof String)) {
        address = argument;
      }
    }
    return address;
  }

  private void tell(String client, Object target, Object[] arguments) {
    if (target instanceof InetSocketAddress) {
      InetSocketAddress address = (InetSocketAddress) target;
      gateway.ungovernedConnection(client, address.getHostString(), address.getPort());
    } else if (target instanceof String) {
      for (Object argument : arguments) {
        if (argument instanceof Integer) {
          gateway.ungovernedConnection(client, (String) target, (Integer) argument);
          return;
        }
      }
    } else {
      URI host = URI.create(host(target.toString()));
      if (host.getHost() != null) {
        boolean tls = "https".equals(host.getScheme());
        int port = host.getPort() >= 0 ? host.getPort() : tls ? 443 : 80;
        gateway.ungovernedConnection(client, host.getHost(), port);
      }
    }
  }

  /**
   * Of "https://api.example.com:443", "{tls}->http://proxy:3128->https://api.example.com:443" or,
   * in Apache HttpClient 5, "{tls}->http://proxy:3128->name/[https://api.example.com:443]".
   */
  static String host(String route) {
    String last = route.substring(route.lastIndexOf('>') + 1).trim();
    int bracket = last.indexOf("[http");
    return bracket >= 0 && last.endsWith("]")
        ? last.substring(bracket + 1, last.length() - 1)
        : last;
  }
}
