package dev.gpucloud.billing.correction;

import dev.gpucloud.contracts.problem.FieldError;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with a request for a note. */
final class NoteCheck {
  private static final int LONGEST_WHY = 1000;
  private static final String KINDS =
      Arrays.stream(NoteKind.values()).map(Enum::name).collect(Collectors.joining(", "));

  private final CreateNoteRequest request;
  private final NoteTarget target;
  private final LocalDate today;
  private final List<FieldError> errors = new ArrayList<>();

  private NoteCheck(CreateNoteRequest request, NoteTarget target, LocalDate today) {
    this.request = request;
    this.target = target;
    this.today = today;
  }

  /** A request in which nothing is wrong; VAT is not in its lines yet. */
  record Wanted(NoteKind kind, List<NoteLine> differences, LocalDate writeDate) {}

  /** All violations, or what is wanted. */
  record Checked(List<FieldError> errors, @Nullable Wanted wanted) {}

  static Checked check(CreateNoteRequest request, NoteTarget target, LocalDate today) {
    return new NoteCheck(request, target, today).check();
  }

  private Checked check() {
    NoteKind kind = kind();
    why();
    if (kind == null) {
      return new Checked(errors, null);
    }
    List<NoteLine> differences = new NoteDifferences(request, target, this::wrong).of(kind);
    period(kind);
    LocalDate day = day(kind);
    return errors.isEmpty()
        ? new Checked(List.of(), new Wanted(kind, differences, day))
        : new Checked(List.copyOf(errors), null);
  }

  private @Nullable NoteKind kind() {
    return Arrays.stream(NoteKind.values())
        .filter(k -> k.name().equals(request.kind()))
        .findFirst()
        .orElseGet(
            () -> {
              wrong("/kind", "must be one of " + KINDS);
              return null;
            });
  }

  private void why() {
    String why = request.why();
    if (why == null || why.isBlank()) {
      wrong("/why", "says what happened");
    } else if (why.length() > LONGEST_WHY) {
      wrong("/why", "must have at most " + LONGEST_WHY + " characters");
    }
  }

  // ---- days

  private void period(NoteKind kind) {
    LocalDate from = request.periodFrom();
    LocalDate to = request.periodTo();
    if (kind == NoteKind.SLA) {
      missing("/periodFrom", from);
      missing("/periodTo", to);
    } else if (from != null || to != null) {
      wrong(from != null ? "/periodFrom" : "/periodTo", "goes with an SLA credit");
    }
    if (from != null && to != null && to.isBefore(from)) {
      wrong("/periodTo", "must not lie before periodFrom");
    }
    if (to != null && to.isAfter(today)) {
      wrong("/periodTo", "lies ahead");
    }
  }

  private void missing(String pointer, @Nullable LocalDate day) {
    if (day == null) {
      wrong(pointer, "is missing");
    }
  }

  private LocalDate day(NoteKind kind) {
    LocalDate day = request.day();
    if (kind == NoteKind.LATE_USAGE || kind == NoteKind.DOUBLE_ISSUE) {
      if (day != null) {
        wrong("/day", "has no place: the note bears the write date of the original");
      }
      return target.writeDate();
    }
    if (day == null) {
      return today;
    }
    if (day.isAfter(today)) {
      wrong("/day", "lies ahead");
    }
    if (day.isBefore(target.writeDate())) {
      wrong("/day", "is before the original's write date, " + target.writeDate());
    }
    return day;
  }

  private void wrong(String pointer, String detail) {
    errors.add(new FieldError(pointer, detail));
  }
}
