package io.flyball.instrumentation.testing;

import io.flyball.wire.InboundRequest;

/** A request that a tenant sent; usable on the thread that serves it only. */
public final class TenantsRequest implements InboundRequest {
  private final Thread server = Thread.currentThread();
  private final String tenant;

  public TenantsRequest(String tenant) {
    this.tenant = tenant;
  }

  @Override
  public String header(String name) {
    check();
    return name.equals("x-tenant-id") ? tenant : null;
  }

  @Override
  public String route() {
    check();
    return "/desk/" + tenant;
  }

  @Override
  public String principal() {
    check();
    return null;
  }

  @Override
  public long asyncTimeoutMillis() {
    check();
    return 0;
  }

  private void check() {
    if (Thread.currentThread() != server) {
      throw new AssertionError("read on " + Thread.currentThread());
    }
  }
}
