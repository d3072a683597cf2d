package io.flyball.twin;

import java.util.List;

/**
 * What the provider does with one request.
 *
 * @param label what it is an example of
 * @param truth what it is, whatever Flyball takes it for
 * @param words of a whole answer; empty when it has no text or is not whole
 * @param payload the body's parts, in the order they are sent, before they are encoded
 * @param usage the part that is only sent to who asks for usage, before the last; null for none
 * @param coding {@code gzip}, {@code deflate}, {@code raw-deflate}, {@code gzip-members}, {@code
 *     false-gzip}, or null
 * @param codingUnasked whether it is encoded also for a client that does not say that it can read
 *     it
 * @param pieces the sizes of chunks and writes, taken in turn; empty: each part by itself
 * @param delays milliseconds before the head, before the body and between pieces
 * @param instead what who asks for usage gets instead; null: the same
 * @param cut at which byte of the head and the framed body it breaks off; -1: it does not
 */
record Reply(
    String label,
    int status,
    Truth truth,
    List<String> words,
    List<String> headers,
    List<String> interim,
    List<byte[]> payload,
    byte[] usage,
    String coding,
    boolean codingUnasked,
    Framing framing,
    List<Integer> pieces,
    int[] delays,
    Reply instead,
    int cut,
    End end) {

  /** How labels of streams without their last events begin. */
  static final String UNFINISHED = "ends without its last ";

  /** What a reply is. */
  enum Truth {
    /** The call is answered: nobody may ask again. */
    ANSWER,
    /** It comes as an answer and is none. It may be asked again; else its bytes pass. */
    NO_ANSWER,
    /** The provider has failed: it may be asked again. */
    FAILURE
  }

  /** How the end of the body is told. */
  enum Framing {
    LENGTH,
    CHUNKED,
    CHUNKED_EXTENDED,
    CLOSE,
    NONE
  }

  /** What becomes of the connection. */
  enum End {
    KEEP,
    FIN,
    RESET
  }

  /** Whether it has all its bytes. */
  boolean isWhole() {
    return cut < 0;
  }

  /** Whether it is a stream that ends properly for HTTP, but without its last events. */
  boolean isUnfinished() {
    return isWhole() && label.startsWith(UNFINISHED);
  }

  boolean isAnswer() {
    return truth == Truth.ANSWER;
  }

  Reply cutAt(int at, End how) {
    return new Reply(
        label + ", cut at " + at + " by " + how,
        status,
        Truth.FAILURE,
        List.of(),
        headers,
        interim,
        payload,
        usage,
        coding,
        codingUnasked,
        framing,
        pieces,
        delays,
        instead,
        at,
        how);
  }
}
