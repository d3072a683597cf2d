/**
 * What a request says, apart from the format it says it in: how a call that the application made in
 * one provider's format is sent to a target that speaks another, or the same one elsewhere.
 */
package io.flyball.protocol.conversation;
