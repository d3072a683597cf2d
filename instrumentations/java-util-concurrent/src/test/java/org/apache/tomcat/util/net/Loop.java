package org.apache.tomcat.util.net;

import java.util.concurrent.Callable;

/** Stands for what a server hands to its executor to serve one connection after the other. */
public final class Loop implements Runnable, Callable<Object> {
  private final Callable<Object> work;

  public Loop(Callable<Object> work) {
    this.work = work;
  }

  @Override
  public void run() {
    try {
      work.call();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public Object call() throws Exception {
    return work.call();
  }
}
