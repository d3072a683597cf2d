package io.flyball.twin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How a provider writes events down: everything the format allows, and what SDKs put up with. */
final class SseText {
  private final Choices choices;
  private final String end;
  private final String space;
  private final boolean comments;
  private final boolean pings;
  private final boolean unknown;
  private final boolean fields;

  SseText(Choices choices) {
    this.choices = choices;
    boolean plain = !choices.chance(35);
    this.end = plain ? "\n" : choices.pick("\n", "\r\n");
    this.space = plain ? " " : choices.pick(" ", "");
    this.comments = !plain && choices.chance(30);
    this.pings = !plain && choices.chance(25);
    this.unknown = !plain && choices.chance(15);
    this.fields = !plain && choices.chance(15);
  }

  /** Each event as a part, what stands between events with the one that follows. */
  List<byte[]> parts(List<Dialect.Event> events) {
    List<byte[]> parts = new ArrayList<>();
    String before = comments && choices.chance(20) ? "\uFEFF" : "";
    for (int i = 0; i < events.size(); i++) {
      Dialect.Event event = events.get(i);
      boolean last = i == events.size() - 1;
      if (comments && choices.chance(40)) {
        before += ": OPENROUTER PROCESSING" + end + end;
      }
      if (pings && choices.chance(40)) {
        before += "event: ping" + end + "data:" + space + "{\"type\":\"ping\"}" + end + end;
      }
      if (unknown && choices.chance(30)) {
        before +=
            "event: x.keepalive"
                + end
                + "data:"
                + space
                + "{\"type\":\"x.keepalive\",\"n\":1}"
                + end
                + end;
      }
      String text = before + text(event);
      before = "";
      if (last && event.data().equals("[DONE]") && choices.chance(4)) {
        text = text.replace("[DONE]", "[DONE] ");
      }
      if (last && choices.chance(4)) {
        text = text.substring(0, text.length() - end.length());
      }
      parts.add(text.getBytes(StandardCharsets.UTF_8));
    }
    return parts;
  }

  private String text(Dialect.Event event) {
    StringBuilder text = new StringBuilder();
    if (event.name() != null) {
      text.append("event:").append(space).append(event.name()).append(end);
    }
    if (fields) {
      text.append("id: 7").append(end);
    }
    return text.append("data:")
        .append(space)
        .append(event.data())
        .append(end)
        .append(end)
        .toString();
  }

  /** One more event in the same hand. */
  byte[] part(String data) {
    return text(new Dialect.Event(null, data, false, false)).getBytes(StandardCharsets.UTF_8);
  }
}
