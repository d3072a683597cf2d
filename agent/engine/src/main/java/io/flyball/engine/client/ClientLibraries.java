package io.flyball.engine.client;

import io.flyball.base.InternalErrors;
import io.flyball.base.log.Log;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The HTTP clients of the application, governed or not, and what was seen to go past Flyball. Says
 * each thing once. Thread safe; callers only look into a map, all else is done on a thread that is
 * there as long as there is something to say.
 */
public final class ClientLibraries {
  private static final int MOST_ENTRIES = 1_000;
  private static final int MOST_TOLD = 100;
  private static final int MOST_WAITING = 1_000;

  private final Log log;
  private final InternalErrors errors;
  private final ExecutorService teller;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<String, ClientLibrary> libraries = new ConcurrentHashMap<>();
  private final Map<String, Bypassed> bypassed = new ConcurrentHashMap<>();

  public ClientLibraries(Log log, InternalErrors errors) {
    this(log, errors, ownThread());
  }

  ClientLibraries(Log log, InternalErrors errors, ExecutorService teller) {
    this.log = log;
    this.errors = errors;
    this.teller = teller;
  }

  private static ExecutorService ownThread() {
    return new ThreadPoolExecutor(
        0,
        1,
        1,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(MOST_WAITING),
        task -> {
          Thread thread = new Thread(task, "flyball-clients");
          thread.setDaemon(true);
          thread.setContextClassLoader(null);
          return thread;
        });
  }

  /**
   * A client library has been loaded.
   *
   * @param name as its makers call it
   * @param location URL of where it was loaded from; null when that is not known
   * @param governed whether model calls through it are governed
   */
  public void found(String name, String location, boolean governed) {
    if (isNew("library " + name + ' ' + location)) {
      later(
          () -> {
            ClientLibrary library = new ClientLibrary(name, JarVersion.at(location), governed);
            if (libraries.putIfAbsent(library.toString(), library) == null && !governed) {
              log.info(library + " is there; calls through it are not governed");
            }
          });
    }
  }

  /**
   * A client that is not governed connects to a host, or uses a connection to it.
   *
   * @param modelHost whether that is known to serve models
   */
  public void connected(String client, String host, int port, boolean modelHost) {
    if (modelHost && isNew("connection " + client + ' ' + host + ':' + port)) {
      later(() -> tellConnection(client, host + ':' + port));
    }
  }

  /**
   * The same where it takes some time to know whether the host serves models: asked on a thread of
   * ours.
   */
  public void connected(String client, String host, int port, BooleanSupplier modelHost) {
    later(
        () -> {
          if (modelHost.getAsBoolean() && isNew("connection " + client + ' ' + host + ':' + port)) {
            tellConnection(client, host + ':' + port);
          }
        });
  }

  private void tellConnection(String client, String address) {
    tell(new Bypassed(client, address, true));
    log.warn(
        "a connection to "
            + address
            + " through "
            + client
            + ": calls through it are not governed");
  }

  /**
   * A governed client sends what looks like a model call, in a format that Flyball does not know.
   *
   * @param format whose it is
   * @param path as much of it as may be told
   * @param modelHost whether the host is known to serve models
   */
  public void unknownFormat(
      String format, String method, String host, int port, String path, boolean modelHost) {
    String address = host + ':' + port;
    if (isNew("format " + format + ' ' + address)) {
      later(
          () -> {
            tell(new Bypassed(format, address, modelHost));
            String line =
                method
                    + ' '
                    + address
                    + path
                    + " looks like a model call in a format that Flyball does not know ("
                    + format
                    + "): not governed";
            if (modelHost) {
              log.warn(line);
            } else {
              log.info(line);
            }
          });
    }
  }

  /** What was found so far, in no order. */
  public List<ClientLibrary> libraries() {
    return Collections.unmodifiableList(new ArrayList<>(libraries.values()));
  }

  /** What went past Flyball so far, in no order. */
  public List<Bypassed> bypassed() {
    return Collections.unmodifiableList(new ArrayList<>(bypassed.values()));
  }

  /** Says what is left to be said, before the JVM ends; waits a second at most. */
  public void flush() {
    teller.shutdown();
    try {
      teller.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Bypassed what) {
    if (bypassed.size() < MOST_TOLD) {
      bypassed.put(what.what() + ' ' + what.host(), what);
    }
  }

  private boolean isNew(String what) {
    return seen.size() < MOST_ENTRIES && seen.add(what);
  }

  private void later(Runnable task) {
    try {
      teller.execute(
          () -> {
            try {
              task.run();
            } catch (Throwable failure) {
              errors.report("clients", failure);
            }
          });
    } catch (RejectedExecutionException full) {
      // Told by then is more than anybody reads.
    }
  }
}
