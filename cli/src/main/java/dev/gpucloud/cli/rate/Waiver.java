package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two persons let a blocker of a month pass, for a reason. It covers the blockers of its kind whose
 * fields are all that it names, and changes nothing of what is billed.
 */
record Waiver(
    BillingMonth month,
    Kind kind,
    Map<String, String> named,
    String by,
    String confirmedBy,
    String reason) {

  /** What may be waived; an event that is held is not billed yet, and waits for its time. */
  enum Kind {
    SEQUENCE_GAP,
    SEQUENCE_SHARED,
    NO_START,
    STOP_BEFORE_START,
    ESTIMATED_END,
    OTHER_PAYLOAD
  }

  private static final List<String> SUBJECTS =
      List.of("instanceId", "runId", "source", "id", "after", "before", "sequence");

  static Waiver of(Fields f) {
    Kind kind = f.oneOfGiven("kind", Kind.SEQUENCE_GAP);
    Map<String, String> named = new LinkedHashMap<>();
    for (String subject : SUBJECTS) {
      String value = f.textOrNull(subject);
      if (value != null) {
        named.put(subject, value);
      }
    }
    if (!named.containsKey("instanceId")
        && !named.containsKey("runId")
        && !named.containsKey("id")) {
      f.wrong("instanceId", "must be given, or runId or id: what is waived");
    }
    var waiver =
        new Waiver(
            f.month("month"), kind, named, f.text("by"), f.text("confirmedBy"), f.text("reason"));
    if (!waiver.by().isEmpty() && waiver.by().equals(waiver.confirmedBy())) {
      f.wrong("confirmedBy", "must be a second person");
    }
    f.end();
    return waiver;
  }

  boolean covers(BillingMonth of, JsonNode blocker) {
    return month.equals(of)
        && blocker.path("kind").asText().equals(kind.name())
        && named.entrySet().stream()
            .allMatch(each -> blocker.path(each.getKey()).asText().equals(each.getValue()));
  }
}
