/**
 * Who asks, and in what words it hears no. SDKs differ in what makes them ask again and in what
 * they show of an error; {@link io.flyball.protocol.sdk.Refusal} and {@link
 * io.flyball.protocol.sdk.ErrorEvents} choose what each of them turns into its own exception, after
 * exactly one attempt.
 */
package io.flyball.protocol.sdk;
