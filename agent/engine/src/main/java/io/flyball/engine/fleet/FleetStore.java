package io.flyball.engine.fleet;

import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareRequest;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The place where JVMs meet. Blocks for as long as its timeouts allow; used by one thread. After an
 * exception it is of no use any more, and what was said may have been heard or not.
 */
public interface FleetStore extends Closeable {

  /** Opens a store; blocks. */
  interface Connector {
    FleetStore connect() throws IOException;
  }

  /**
   * Takes the name of a JVM.
   *
   * @param jvm its name, the same after a restart
   * @param process this run of it
   * @return whether it is free: false while another process with that name is alive
   */
  boolean greet(String jvm, String process) throws IOException;

  /**
   * Says that the JVM is alive and hears what is new.
   *
   * @param since {@link Beat#now} of the last time; 0: everything
   * @param hints what others are to know, each for some time
   */
  Beat beat(String jvm, String process, long since, List<Hint> hints) throws IOException;

  /**
   * Says what this JVM has, and asks for more.
   *
   * @return an answer for each request, null where a later word has overtaken it
   */
  List<ShareAnswer> exchange(String jvm, List<ShareRequest> requests) throws IOException;

  /** The JVM ends. */
  void leave(String jvm) throws IOException;
}
