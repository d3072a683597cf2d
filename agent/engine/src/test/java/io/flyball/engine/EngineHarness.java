package io.flyball.engine;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Stage;
import io.flyball.wire.Body;
import io.flyball.wire.BodyInputStream;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** An engine with the fake protocol, keeping what it reports. */
final class EngineHarness {
  final FakeProtocol protocol = new FakeProtocol();
  final List<CallRecord> records = Collections.synchronizedList(new ArrayList<CallRecord>());
  final ReportedErrors errors = new ReportedErrors();
  final Engine engine;

  EngineHarness(Mode mode, Stage... added) {
    engine = Engine.builder(settings(mode, added).build(), records::add, errors).build();
  }

  /** Governing, with a stage that could answer instead: the commit gate stands. */
  static EngineHarness gated() {
    return new EngineHarness(Mode.GOVERN, (call, next) -> next.proceed(call));
  }

  EngineSettings.Builder settings(Mode mode, Stage... added) {
    return EngineSettings.builder(protocol).mode(mode).addedStages(Arrays.asList(added));
  }

  static WireRequest request(String body, String... headers) {
    return new WireRequest(
        "POST",
        URI.create("https://models.example/v1/ask"),
        Headers.of(headers),
        body.getBytes(StandardCharsets.UTF_8));
  }

  GovernedCall open(String body, String... headers) {
    return engine.open(request(body, headers));
  }

  /** A stream has shown that no usage is reported unasked. */
  EngineHarness reportingNothingUnasked() throws IOException {
    WireResponse quiet =
        ScriptedTransport.stream(ScriptedTransport.Pieces.of("data: hi\n\ndata: done\n\n", null));
    readAll(open("ask stream").execute(ScriptedTransport.answering(quiet)).body());
    records.clear();
    return this;
  }

  static String readAll(Body body) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (InputStream in = new BodyInputStream(body)) {
      byte[] buffer = new byte[100];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        all.write(buffer, 0, count);
      }
    }
    return new String(all.toByteArray(), StandardCharsets.UTF_8);
  }

  CallRecord onlyRecord() {
    if (records.size() != 1) {
      throw new AssertionError("expected one record, got " + records.size());
    }
    return records.get(0);
  }
}
