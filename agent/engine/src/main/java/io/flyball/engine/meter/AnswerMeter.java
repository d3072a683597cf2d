package io.flyball.engine.meter;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.answer.StatedCost;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;

/**
 * Looks at the bytes of one answer as they pass and says, once it ended, what it was and how it
 * ended. Retains nothing that grows with the answer. Thread safe; never throws; its own failures
 * only make it know less.
 */
public final class AnswerMeter {
  private static final String NO_ANSWER = "no_answer";

  /** An empty object, or a null, with blanks around it. */
  private static final int NOTHING = 8;

  private static final ResponseFacts NOTHING_SAID = ResponseFacts.builder().build();

  private final int status;
  private final RequestFacts request;
  private final WireRequest sent;
  private final StreamEnds ends;
  private final boolean mayBeStream;

  /** The header's word, until the bytes of what was asked for as a stream say so. */
  private volatile boolean stream;

  private final TimeSource time;
  private final InternalErrors errors;
  private final long contentLength;
  private final BigDecimal reckonedUsd;
  private final boolean page;
  private long seenBytes;

  /** Null where the answer costs nothing. */
  private AnswerLabel label;

  /** What the answer says where its label is wrong: for its bill, not for the application. */
  private ResponseReader billed;

  private ResponseReader reader;
  private Consumer<ByteBuffer> sink;
  private ContentDecoder decoder;
  private boolean contentSeen;
  private long contents;
  private boolean errorSeen;
  private boolean errorBehindEnd;
  private long firstContentNanoTime;
  private long fedNanoTime;
  private long usageNanoTime;
  private boolean usageSeen;
  private long contentChunks;
  private long spentNanos;
  private boolean ended;
  private boolean understood;
  private boolean unreadText;
  private boolean textEvents;
  private int removableEvents;
  private boolean corrupt;
  private boolean unspoken;
  private OwnRefusal refusal;

  /** What the reader was told instead of more, unless more has come since. */
  private Throwable silence;

  private Outcome outcome;
  private String errorType;
  private ResponseFacts facts = NOTHING_SAID;
  private String text;

  /**
   * @param sent the request it answers
   * @param ends how endpoints end their streams
   * @param keepText characters of a stream's text to keep for estimates
   * @param captureText characters of text to keep of any answer, for content capture; 0 for none
   */
  AnswerMeter(
      RequestFacts request,
      WireRequest sent,
      WireResponse response,
      StreamEnds ends,
      int keepText,
      int captureText,
      TimeSource time,
      InternalErrors errors) {
    this.status = response.status();
    this.request = request;
    this.sent = sent;
    this.ends = ends;
    this.time = time;
    this.fedNanoTime = time.nanoTime();
    this.errors = errors;
    this.reckonedUsd = StatedCost.reckoned(response.headers()::all);
    this.contentLength = contentLength(response.headers().first("Content-Length"));
    String contentType = response.headers().first("Content-Type");
    this.page = isOf("text/html", contentType);
    this.stream =
        isSuccess(status)
            && (isOf("text/event-stream", contentType)
                || request.protocol().isStream(request, contentType));
    this.mayBeStream = stream || (isSuccess(status) && request.stream());
    try {
      String encoding = response.headers().first("Content-Encoding");
      decoder = ContentDecoder.of(encoding);
      int kept = Math.max(captureText, mayBeStream ? keepText : 0);
      reader = reader(contentType, kept);
      sink = reader::feed;
      if (isSuccess(status)) {
        label = new AnswerLabel(encoding, () -> reader(contentType, kept));
        if (!ContentDecoder.isPlain(encoding)) {
          sink = this::takeDecoded;
        }
      }
    } catch (Throwable failure) {
      giveUp(failure);
    }
  }

  private ResponseReader reader(String contentType, int keepText) {
    ResponseReader made = request.protocol().reader(request, status, contentType);
    made.keepText(keepText);
    return made;
  }

  private void takeDecoded(ByteBuffer bytes) {
    label.decoded(bytes.duplicate());
    reader.feed(bytes);
  }

  /** -1 when not known. */
  private static long contentLength(String header) {
    if (header == null) {
      return -1;
    }
    try {
      return Long.parseLong(header.trim());
    } catch (NumberFormatException notALength) {
      return -1;
    }
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  private static boolean isBodiless(int status) {
    return status == 204 || status == 205;
  }

  private static boolean isOf(String mediaType, String contentType) {
    return contentType != null
        && contentType.regionMatches(true, 0, mediaType, 0, mediaType.length());
  }

  /** The answer is a no of ours. */
  synchronized void refused(OwnRefusal said) {
    refusal = said;
  }

  /** Whether the answer is a no of ours. */
  synchronized boolean isRefusal() {
    return refusal != null;
  }

  /** Looks at the next bytes and leaves the buffer as it was. */
  synchronized void feed(ByteBuffer bytes) {
    if (ended) {
      return;
    }
    silence = null;
    long began = time.nanoTime();
    seenBytes += bytes.remaining();
    if (label != null) {
      readLabel(bytes);
    }
    if (reader == null) {
      contents++;
    } else {
      int position = bytes.position();
      int limit = bytes.limit();
      try {
        if (decoder.decode(bytes, sink)) {
          stream = stream || (mayBeStream && reader.isEvents());
          contentSeen = contentSeen || reader.contentSeen();
          contents = Math.max(contents, reader.contents());
          errorSeen = errorSeen || reader.errorSeen();
          errorBehindEnd = errorBehindEnd || reader.isErrorBehindEnd();
        } else {
          contents++;
          unspoken = !decoder.isCoding();
          forget();
        }
      } catch (DataFormatException garbage) {
        // The sender's fault, not ours: the answer is not what its Content-Encoding says.
        corrupt = !isWholeBefore();
        forget();
      } catch (Throwable failure) {
        giveUp(failure);
      } finally {
        bytes.limit(limit);
        bytes.position(position);
      }
    }
    long now = time.nanoTime();
    fedNanoTime = now;
    if (!usageSeen && reader != null && reader.mayHaveUsage()) {
      usageSeen = true;
      usageNanoTime = now;
    }
    if (contentSeen) {
      contentChunks++;
      if (contentChunks == 1) {
        firstContentNanoTime = now;
      }
    }
    spentNanos += now - began;
  }

  private void readLabel(ByteBuffer bytes) {
    try {
      label.raw(bytes);
    } catch (Throwable failure) {
      label.close();
      label = null;
      errors.report("meter", failure);
    }
  }

  /** The answer ended normally, as the transport sees it. Only the first end counts. */
  synchronized void end() {
    if (ended) {
      return;
    }
    readFacts(true);
    if (refusal != null) {
      judge(refusal.outcome(), refusal.word());
    } else if (!isSuccess(status) || errorSeen) {
      judge(Outcome.ERROR, providerError());
    } else if (corrupt) {
      judge(Outcome.ERROR, "unreadable_body");
    } else if (!understood) {
      judge(Outcome.SUCCESS, null);
    } else if (isBodiless(status)) {
      // Nothing was left out: it is all that such an answer can say.
      judge(Outcome.ERROR, NO_ANSWER);
    } else if (stream || facts.events()) {
      judgeStream();
    } else if (facts.brokenOff()) {
      judge(Outcome.ERROR, "unreadable_body");
    } else {
      // JSON that we cannot read is the provider's, and perhaps its clients can.
      judge(facts.empty() ? Outcome.ERROR : Outcome.SUCCESS, facts.empty() ? NO_ANSWER : null);
    }
  }

  /** Only where that is the custom does a stream without its last event lack anything. */
  private void judgeStream() {
    boolean begun = contentSeen || !facts.finishReasons().isEmpty();
    boolean cutShort = !facts.complete() && ends.areShown(request, sent);
    if (facts.complete() || facts.unreadable()) {
      if (begun && facts.complete() && facts.events()) {
        ends.show(request, sent);
      }
      judge(facts.empty() ? Outcome.ERROR : Outcome.SUCCESS, facts.empty() ? NO_ANSWER : null);
    } else if (textEvents && !facts.brokenOff()) {
      // It says what no protocol has, so that its end is no sign of anything.
      String lacking = facts.empty() ? NO_ANSWER : cutShort ? "incomplete_stream" : null;
      judge(lacking == null ? Outcome.SUCCESS : Outcome.ERROR, lacking);
    } else if (facts.brokenOff() || !begun || cutShort) {
      judge(Outcome.CUT, "incomplete_stream");
    } else {
      judge(Outcome.SUCCESS, null);
    }
  }

  /** The body could not be read to its end. */
  synchronized void fail(Throwable failure, boolean cancelled) {
    if (!ended) {
      readFacts(false);
      judge(Failures.outcome(failure, cancelled), Failures.type(failure));
    }
  }

  /** The client has waited in vain; how it ends shows when it is read on, or closed. */
  synchronized void silent(Throwable failure) {
    silence = ended ? null : failure;
  }

  /** Nobody reads on; a whole answer stays a success, as clients need not read to the last byte. */
  synchronized void close() {
    if (seenBytes == contentLength) {
      end();
    }
    if (silence != null) {
      fail(silence, false);
    }
    if (ended) {
      return;
    }
    readFacts(true);
    if (refusal != null) {
      judge(refusal.outcome(), refusal.word());
    } else if (!isSuccess(status) || errorSeen) {
      judge(Outcome.ERROR, providerError());
    } else if (understood && facts.complete()) {
      judge(Outcome.SUCCESS, null);
    } else {
      judge(Outcome.CANCELLED, "cancelled");
    }
  }

  /** Whether what was decoded is a whole answer: what comes after it is none of its business. */
  private boolean isWholeBefore() {
    readFacts(true);
    return understood && facts.complete();
  }

  private void readFacts(boolean tellReader) {
    if (reader == null) {
      return;
    }
    try {
      if (tellReader) {
        reader.end();
        stream = stream || (mayBeStream && reader.isEvents());
        contentSeen = contentSeen || reader.contentSeen();
        errorSeen = errorSeen || reader.errorSeen();
        errorBehindEnd = errorBehindEnd || reader.isErrorBehindEnd();
      }
      facts = reader.facts();
      text = reader.text();
      unreadText = saysSomethingUnread(reader);
      textEvents = reader.hasTextEvents();
      understood = true;
    } catch (Throwable failure) {
      giveUp(failure);
    }
  }

  private String providerError() {
    return facts.errorType() != null
        ? facts.errorType()
        : isSuccess(status) ? "error_event" : Integer.toString(status);
  }

  private void judge(Outcome how, String type) {
    ended = true;
    outcome = how;
    errorType = type;
    endLabel();
    forget();
  }

  private void endLabel() {
    if (label == null) {
      return;
    }
    try {
      label.end();
      billed = label.reader();
    } catch (Throwable failure) {
      label.close();
      errors.report("meter", failure);
    }
  }

  private void giveUp(Throwable failure) {
    forget();
    errors.report("meter", failure);
  }

  private void forget() {
    removableEvents = removableEvents();
    reader = null;
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  /**
   * Whether it is no answer though nothing broke off: it says nothing at all, is not encoded as it
   * says, is a stream where none was asked for, or was ended without a reason. With a good answer
   * to be had elsewhere that is a failure; else it is what the provider says.
   */
  public synchronized boolean isNoAnswer() {
    boolean asked = request.stream();
    return corrupt
        || (ended && isBodiless(status))
        || (ended
            && isSuccess(status)
            && understood
            && !facts.brokenOff()
            && (facts.empty()
                || (facts.events()
                    && (!asked || (facts.complete() && facts.finishReasons().isEmpty())))));
  }

  /** Whether it is a stream as asked for, or no stream as none was. */
  public boolean isOfTheKindAsked() {
    return stream == request.stream();
  }

  /** Whether the bytes can still be read; false for an encoding we do not speak. */
  public synchronized boolean readable() {
    return reader != null;
  }

  public synchronized boolean contentSeen() {
    return contentSeen;
  }

  /**
   * Grows with every piece of content. Bytes that cannot be read are taken for content.
   *
   * @see io.flyball.protocol.ResponseReader#contents
   */
  public synchronized long contents() {
    return contents;
  }

  /** How long ago the latest bytes came; as long ago as it was made when none have. */
  public synchronized long silentNanos() {
    return time.nanoTime() - fedNanoTime;
  }

  /** Whether an error event or error body was seen. */
  public synchronized boolean errorSeen() {
    return errorSeen;
  }

  /** Whether that came behind the content and the finish reason, so that nothing is missing. */
  public synchronized boolean isErrorBehindEnd() {
    return errorBehindEnd;
  }

  /**
   * How many bytes a good answer has that could not be read, because of their encoding or of what
   * stands around it; 0 when it could be read. Of use once it has ended.
   */
  synchronized long unreadBytes() {
    return isSuccess(status) && !isBodiless(status) && isUnread() ? seenBytes : 0;
  }

  /**
   * Whether it is a good answer that says something where we find none: in an envelope, as another
   * API has it, as plain text. A web page is none. Of use once it has ended.
   */
  synchronized boolean isInOtherForm() {
    return isSuccess(status)
        && refusal == null
        && outcome == Outcome.ERROR
        && NO_ANSWER.equals(errorType)
        && !page
        && seenBytes > NOTHING
        && (billed == null ? facts : billed.facts()).inOtherForm();
  }

  private boolean isUnread() {
    if (billed != null) {
      // What is neither text nor a coding we know may be one that the application knows.
      return !isSaid(billed) && (label.isUnreadable() || saysSomethingUnread(billed));
    }
    if (!understood) {
      return true;
    }
    boolean broken = corrupt && !facts.complete();
    return broken
        || unreadText
        || (label != null && label.isUnreadable() && facts.unreadable() && facts.empty());
  }

  private boolean saysSomethingUnread(ResponseReader reader) {
    return reader.isUnreadText() && seenBytes > NOTHING;
  }

  private static boolean isSaid(ResponseReader reader) {
    return reader.contentSeen() || reader.facts().outputCharacters() > 0;
  }

  /**
   * What the provider has paid: what the answer says, also where it is encoded otherwise than it
   * says. Of use once it has ended.
   */
  synchronized ResponseFacts billedFacts() {
    return billed != null && isSaid(billed) ? billed.facts() : facts;
  }

  /** Whether the provider has an answer paid: there was content, whatever its label is. */
  synchronized boolean billedContentSeen() {
    return contentSeen || (billed != null && isSaid(billed));
  }

  /**
   * Whether it may have to be paid though it is no answer to hand on: it is encoded otherwise than
   * it says, or stands in text of another kind.
   */
  public synchronized boolean mayBeBilled() {
    boolean mislabelled = label != null && (label.reader() != null || label.isUnreadable());
    return isSuccess(status) && (corrupt || mislabelled || unreadText);
  }

  /** What a gateway reckons the answer costs, in US dollars; null when none says. */
  BigDecimal reckonedUsd() {
    return reckonedUsd;
  }

  /** Whether the bytes are understood, so that it can be told whether the answer is whole. */
  public synchronized boolean isUnderstood() {
    return reader != null || understood;
  }

  /**
   * Whether it is written so that nothing could be taken out of it: in a coding that we do not
   * speak, or in another than it says.
   */
  public synchronized boolean isSealed() {
    return unspoken
        || (label != null && (label.isCodedOtherwise() || (corrupt && label.isUnreadable())));
  }

  /** Whether the bytes so far are surely no stream of events. */
  public synchronized boolean isNoStream() {
    return reader != null && reader.isNoStream();
  }

  /** See {@link ResponseReader#removableEvents}. */
  public synchronized int removableEvents() {
    return reader == null ? removableEvents : reader.removableEvents();
  }

  /** False only when surely no event has reported usage so far. */
  public synchronized boolean mayHaveUsage() {
    return reader == null || reader.mayHaveUsage();
  }

  /** Of {@link TimeSource#nanoTime()}; meaningless while surely none was reported. */
  public synchronized long usageNanoTime() {
    return usageNanoTime;
  }

  /** Whether every choice of a stream has ended; what is reported on it may still come. */
  public synchronized boolean isFinished() {
    return reader != null && reader.isFinished();
  }

  public synchronized boolean ended() {
    return ended;
  }

  /**
   * Whether the answer is a stream of events. What was asked for as a stream and is called
   * something else is one as soon as its bytes say so.
   */
  public boolean stream() {
    return stream;
  }

  /** Whether it is a stream, or was asked for as one and may turn out to be one. */
  public boolean mayBeStream() {
    return mayBeStream;
  }

  /**
   * Whether it is something else than a stream of events, and says enough to be handed on where
   * nobody else could answer.
   */
  public synchronized boolean isOtherAnswer() {
    return reader != null && reader.isOtherAnswer();
  }

  /** Whether something of the answer itself is there, be it no content yet. */
  public synchronized boolean hasBegun() {
    return reader != null && reader.hasBegun();
  }

  public int status() {
    return status;
  }

  /** How it ended, or would end if nobody read on after a {@link #silent silence}; null before. */
  public synchronized Outcome outcome() {
    return outcome == null && silence != null ? Failures.outcome(silence, false) : outcome;
  }

  /**
   * Whether it is a good plain answer whose end is missing: it was made, and is billed, as a whole,
   * however little of it came.
   */
  public synchronized boolean isPartOfWhole() {
    return ended
        && !stream
        && isSuccess(status)
        && (outcome == Outcome.CUT
            || outcome == Outcome.TIMEOUT
            || outcome == Outcome.CANCELLED
            || isShort());
  }

  /** Whether less came than was promised, though the client sees nothing wrong in it. */
  private boolean isShort() {
    return refusal == null
        && !isBodiless(status)
        && outcome == Outcome.ERROR
        && (contentLength > seenBytes
            || (billed == null && !corrupt && facts.brokenOff() && seenBytes > NOTHING));
  }

  /** What went wrong; null on success and before the end. */
  public synchronized String errorType() {
    return errorType;
  }

  /** What the answer said; nothing before its end, or before {@link #silent silence}. */
  public synchronized ResponseFacts facts() {
    return silence != null && !ended ? factsSoFar() : facts;
  }

  /**
   * What the answer has said by now; what it says is put together for it, so not for every read.
   */
  public synchronized ResponseFacts factsSoFar() {
    if (reader == null) {
      return facts;
    }
    try {
      return reader.facts();
    } catch (Throwable failure) {
      giveUp(failure);
      return NOTHING_SAID;
    }
  }

  /** The text that was kept; null before the end. */
  synchronized String text() {
    return billed != null && isSaid(billed) ? billed.text() : text;
  }

  /** Of {@link TimeSource#nanoTime()}; meaningless while no content was seen. */
  synchronized long firstContentNanoTime() {
    return firstContentNanoTime;
  }

  synchronized long contentChunks() {
    return stream ? contentChunks : 0;
  }

  synchronized long spentNanos() {
    return spentNanos;
  }
}
