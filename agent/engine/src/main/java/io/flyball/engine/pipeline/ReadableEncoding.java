package io.flyball.engine.pipeline;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * Takes the encodings Flyball cannot read (Brotli, Zstandard) off the Accept-Encoding of streams;
 * only where the application set it.
 */
final class ReadableEncoding implements Stage {
  private static final String ACCEPT_ENCODING = "Accept-Encoding";

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    Headers headers = call.request().headers();
    if (!call.facts().stream() || headers.first(ACCEPT_ENCODING) == null) {
      return next.proceed(call);
    }
    String asked = String.join(",", headers.all(ACCEPT_ENCODING));
    StringBuilder readable = new StringBuilder();
    boolean changed = false;
    for (String coding : asked.split(",", -1)) {
      String name = coding.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
      if (name.equals("br") || name.equals("zstd")) {
        changed = true;
      } else if (!name.isEmpty()) {
        readable.append(readable.length() == 0 ? "" : ", ").append(coding.trim());
      }
    }
    if (!changed) {
      return next.proceed(call);
    }
    String value = readable.length() == 0 ? "identity" : readable.toString();
    return next.proceed(
        call.withRequest(call.request().withHeaders(headers.with(ACCEPT_ENCODING, value))));
  }
}
