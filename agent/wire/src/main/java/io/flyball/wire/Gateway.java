package io.flyball.wire;

import java.io.IOException;

/** The door of the engine: what an instrumentation asks. Never throws. */
public interface Gateway {

  /**
   * The cheap first question for every request of the application: false means that it is none of
   * Flyball's business and must go on untouched. Allocates nothing.
   *
   * @param method null when the client does not know it yet
   * @param port never -1
   * @param path path of the URL, with or without its query
   */
  boolean mayGovern(String method, String host, int port, String path);

  /**
   * Whether nothing is changed for the application ({@code flyball.mode=observe}): no attempt is
   * repeated, redirected or replaced.
   */
  default boolean observesOnly() {
    return false;
  }

  /**
   * Whether somebody else may answer a call whose own host cannot be reached: the user has named
   * who. An adapter that could put off connecting until the call is complete does so only then;
   * else it connects where the client without an agent would, so that a failure comes there.
   */
  default boolean answersForUnreachable() {
    return false;
  }

  /**
   * An adapter that had to connect before its request was complete could not do so, and hands the
   * failure on. If by its head this would have been a model call, it is recorded as one that has
   * failed; nothing else is done.
   *
   * @param head what is known of the request; its body is empty
   */
  default void notConnected(WireRequest head, IOException failure) {}

  /**
   * Whether the retries that SDKs have of their own are to end where a governed call was given up;
   * false in {@code flyball.mode=observe}.
   */
  default boolean suppressesSdkRetries() {
    return false;
  }

  /**
   * An SDK's own retry loop begins an attempt on this thread. Calls belong to it that are opened on
   * this thread, or whose {@link #caller} is asked for on it, until it is closed.
   *
   * @param sdk whose loop it is, as the engine names SDKs ({@code langchain4j})
   * @return null when the SDK's retries are none of Flyball's business
   */
  default SdkAttempt beginSdkAttempt(String sdk) {
    return null;
  }

  /**
   * The same where the loop tells how often it repeats a call that fails: Flyball does not do so
   * more often in its place, unless the user wants it to.
   *
   * @param retries 0 for never; -1 when it does not tell
   */
  default SdkAttempt beginSdkAttempt(String sdk, int retries) {
    return null;
  }

  /**
   * Whether the exception, or one that caused it, was handed to the application by a governed call
   * as its end. For loops whose attempts begin and end on different threads.
   */
  default boolean hasGivenUp(Throwable failure) {
    return false;
  }

  /**
   * The application begins to serve an HTTP request on this thread. Calls that it makes there until
   * the scope is closed are charged by what the request says, and end when its client no longer
   * waits.
   *
   * @return null when nobody wants to know
   */
  default InboundScope beginInbound(InboundRequest request) {
    return null;
  }

  /**
   * A framework begins to work on this thread for a part of the application that it knows by name.
   * Calls made there until the scope is closed are that part's; of several names of one source the
   * innermost counts.
   *
   * @param source the attribution source that yields the name, for example {@code ai-service}
   * @return null when nobody wants to know
   */
  default CallerScope beginNamed(String source, String name) {
    return null;
  }

  /**
   * What calls of this thread are named by that source, or null. Names of a {@link #resume resumed}
   * caller count.
   */
  default String named(String source) {
    return null;
  }

  /**
   * The innermost place of the application on this thread's stack, {@code package.Class.method}.
   */
  default String place() {
    return null;
  }

  /**
   * The same as {@link #caller}, but for a call that was asked for at that place, perhaps before.
   *
   * @param place as {@link #place} gave it; null for where this thread is
   */
  default Caller callerAt(String place) {
    return caller();
  }

  /**
   * A framework goes on with that caller's work on this thread. Calls made there until the scope is
   * closed are the caller's, but for names that begin in it.
   *
   * @param caller as {@link #caller} gave it on another thread; null for one that is not known
   * @return null when nothing changes
   */
  default CallerScope resume(Caller caller) {
    return null;
  }

  /**
   * The application sets that value of its logging context. Once that is one that calls are charged
   * by, such values go along with {@link #captureInbound}.
   */
  default void logged(String key) {}

  /**
   * Whether this thread may work for something that {@link #captureInbound} hands over; two
   * look-ups of thread locals.
   */
  default boolean worksForInbound() {
    return false;
  }

  /**
   * What this thread works for, to be handed to another thread together with work: the inbound
   * request, whom frameworks say that it works for ({@link #beginNamed}, {@link #resume}), and the
   * values of its logging context that calls are charged by.
   *
   * @return null when it works for nothing; else equal to what is captured of the same
   */
  default CapturedInbound captureInbound() {
    return null;
  }

  /**
   * This thread works for no inbound request and for nobody whom frameworks name until the scope is
   * closed: it does something that did not come from there.
   *
   * @return null when it works for nothing anyway
   */
  default InboundScope leaveInbound() {
    return null;
  }

  /**
   * A client whose calls are not governed connects to a host, or uses a connection to it. Cheap,
   * and says each thing once.
   *
   * @param client its name, as its makers call it
   * @param host as the application named it; never resolved
   */
  default void ungovernedConnection(String client, String host, int port) {}

  /** Requests with a longer body (in bytes) are not looked at. */
  int maxRequestBytes();

  /**
   * Whether every request must be read, also when there is no room to hold it ({@link HeldBytes}):
   * the user has set what no call may exceed, and one that is not read could not be charged to it.
   */
  default boolean mustRead() {
    return false;
  }

  /**
   * Whether what the application says to Flyball ({@link Headers#isForFlyball}) is taken off a
   * request that goes on ungoverned and unread, because it goes to a provider or may be a model
   * call: whom a call is for is not told to a provider. Asked only of a request that says such a
   * thing. Other traffic keeps it; it may be meant for the Flyball of another service.
   *
   * @param method null when the client does not know it yet
   * @param port never -1
   * @param path of the URL, with or without its query; may be null
   */
  default boolean takesOwnHeadersOff(String method, String host, int port, String path) {
    return false;
  }

  /** The same for a request that was read, and for which {@link #open} gave no call. */
  default boolean takesOwnHeadersOff(WireRequest notOpened) {
    return false;
  }

  /**
   * A request is about to go past the adapter, neither read nor counted. Where by its head it is a
   * model call, that is said once.
   *
   * @param unseen with the reason, see {@link WireRequest#unread}
   * @return whether it must not go, because every request must be read; the adapter then fails it
   */
  default boolean refusesUnseen(WireRequest unseen) {
    return false;
  }

  /**
   * Who makes a call on this thread of the application. For a client that opens the call on another
   * thread, or later; asked only when {@link #mayGovern} has said yes, because it walks the stack.
   *
   * @return null when that cannot be told, which {@link #open(WireRequest, Caller)} takes
   */
  Caller caller();

  /**
   * Opens a call when the request is a model call, on the thread of the application that makes it.
   * Null means: not a model call, or the engine is off or broken; the request must go on untouched.
   *
   * <p>One whose body is not to be had ({@link WireRequest#unread}) is told by its head. It is sent
   * once at most, as it is, and recorded with what its answer says; where every request must be
   * read ({@link #mustRead}) it is refused instead. What it is, is said once.
   */
  GovernedCall open(WireRequest request);

  /**
   * Opens a call like {@link #open(WireRequest)}, on any thread.
   *
   * @param caller what {@link #caller} gave on the thread of the application that makes the call;
   *     null when that is not known
   */
  GovernedCall open(WireRequest request, Caller caller);

  /**
   * Logs (once per place) and counts a failure inside an instrumentation.
   *
   * @param place for example {@code okhttp-3}
   */
  void internalError(String place, Throwable failure);
}
