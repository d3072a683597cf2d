package io.flyball.protocol.conversation.answer;

/** Why an answer ended, in no provider's words. */
enum StopReason {
  /** The model was done, or came to a stop sequence. */
  STOP,
  /** The limit on output tokens, or the context window. */
  LENGTH,
  /** The application is to run tools. */
  TOOL_CALLS,
  /** The provider or the model refused. */
  CONTENT_FILTER
}
