/**
 * What model traffic means: which requests are model calls, what they ask for, what their answers
 * said and cost. Functions over bytes, without I/O, threads or policies.
 *
 * <p>{@link io.flyball.protocol.Protocols} is the way in. Each vendor's API is a {@link
 * io.flyball.protocol.ProtocolFamily} in a package of its own ({@code openai}, {@code anthropic}),
 * which declares what to look for in its JSON as a {@link io.flyball.protocol.json.JsonShape} and
 * leaves the reading to {@code json}, {@code sse} and {@code answer}. Another API is another
 * package and a line in {@code Protocols}; another server that speaks a known API is a row in
 * {@link io.flyball.protocol.provider.Providers}.
 */
package io.flyball.protocol;
