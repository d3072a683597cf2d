package io.flyball.javaagent;

import io.flyball.base.InternalErrors;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.wire.Caller;
import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireRequest;
import java.util.List;

/**
 * The door of an engine that nobody has needed yet: governs nothing, and tells which model hosts
 * clients connect to that would not be governed anyway.
 */
final class ClientWatch implements Gateway {
  private final ClientLibraries clients;
  private final List<Endpoint> endpoints;
  private final InternalErrors errors;

  /** Made when the first connection asks, on the thread that tells. */
  private Protocols hosts;

  /**
   * @param endpoints of models, as the user configured them
   */
  ClientWatch(ClientLibraries clients, List<Endpoint> endpoints, InternalErrors errors) {
    this.clients = clients;
    this.endpoints = endpoints;
    this.errors = errors;
  }

  @Override
  public void ungovernedConnection(String client, String host, int port) {
    clients.connected(client, host, port, () -> isModelHost(host, port));
  }

  private synchronized boolean isModelHost(String host, int port) {
    if (hosts == null) {
      hosts = new Protocols(endpoints);
    }
    return hosts.isModelHost(host, port);
  }

  @Override
  public boolean mayGovern(String method, String host, int port, String path) {
    return false;
  }

  @Override
  public int maxRequestBytes() {
    return 0;
  }

  @Override
  public Caller caller() {
    return null;
  }

  @Override
  public GovernedCall open(WireRequest request) {
    return null;
  }

  @Override
  public GovernedCall open(WireRequest request, Caller caller) {
    return null;
  }

  @Override
  public void internalError(String place, Throwable failure) {
    errors.report(place, failure);
  }
}
