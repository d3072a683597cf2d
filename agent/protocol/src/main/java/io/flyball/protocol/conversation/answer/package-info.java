/**
 * Answers of one provider in the words of another, and streams that go on where others broke.
 *
 * <p>{@link io.flyball.protocol.conversation.answer.AnswerTranslation} has a source for each
 * protocol that is read and a sink for each that is written, and between them nothing but calls
 * that belong to neither: another protocol is one more source and one more sink. {@link
 * io.flyball.protocol.conversation.answer.StreamContinuation} compares what the application was
 * given with what a new stream says, in a form in which two ways to write the same are the same.
 */
package io.flyball.protocol.conversation.answer;
