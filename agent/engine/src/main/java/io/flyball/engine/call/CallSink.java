package io.flyball.engine.call;

/** Takes the record of every call that ended, on whatever thread it ended: must not block. */
public interface CallSink {

  void accept(CallRecord record);
}
