package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.engine.SlaCredit;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.FieldError;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with a request for a note. */
final class NoteCheck {
  private static final int LONGEST_WHY = 1000;
  private static final String WON = "[1-9][0-9]{0,14}";
  private static final String SIGNED_WON = "-?" + WON;
  private static final String PERCENT = "[0-9]{1,3}(\\.[0-9]{1,6})?";
  private static final Rational HUNDRED = Rational.of(100);
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

  /** A request in which nothing is wrong; late usage has no difference of its own. */
  record Wanted(NoteKind kind, @Nullable Won difference, LocalDate writeDate) {}

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
    Won difference =
        switch (kind) {
          case SLA -> sla();
          case SUPPLY_CHANGE -> change();
          case LATE_USAGE, RESCINDED, DOUBLE_ISSUE -> none(kind);
        };
    period(kind);
    LocalDate day = day(kind);
    return errors.isEmpty()
        ? new Checked(List.of(), new Wanted(kind, difference, day))
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

  // ---- amounts

  private @Nullable Won sla() {
    if ((request.percent() == null) == (request.amountKrw() == null)) {
      wrong("/percent", "must be given, or amountKrw, and not both");
      return null;
    }
    if (request.percent() == null && request.sku() != null) {
      wrong("/sku", "goes with a percentage");
    }
    Won credit = request.percent() == null ? amount() : percent();
    return credit == null ? null : fits(credit.negate(), pointer());
  }

  private String pointer() {
    return request.percent() == null ? "/amountKrw" : "/percent";
  }

  private @Nullable Won amount() {
    String amount = String.valueOf(request.amountKrw());
    if (!amount.matches(WON)) {
      wrong("/amountKrw", "must be whole won, more than 0");
      return null;
    }
    return new Won(Long.parseLong(amount));
  }

  private @Nullable Won percent() {
    String text = Objects.requireNonNull(request.percent());
    Rational pct = text.matches(PERCENT) ? Rational.parse(text) : Rational.ZERO;
    if (pct.signum() <= 0 || pct.compareTo(HUNDRED) > 0) {
      wrong("/percent", "must be more than 0 and at most 100");
      return null;
    }
    Won billed = billed();
    if (billed == null) {
      return null;
    }
    Won credit = SlaCredit.of(pct, billed);
    if (credit.amount() <= 0) {
      wrong("/percent", "comes to nothing of " + billed.amount() + " won");
      return null;
    }
    return credit;
  }

  private @Nullable Won billed() {
    String sku = request.sku();
    if (sku == null) {
      return target.supply();
    }
    Long ofIt = target.billedBySku().get(sku);
    if (ofIt == null) {
      wrong("/sku", "is not on the invoice");
      return null;
    }
    return new Won(ofIt);
  }

  private @Nullable Won change() {
    if (request.percent() != null) {
      wrong("/percent", "goes with an SLA credit");
    }
    if (request.sku() != null) {
      wrong("/sku", "goes with an SLA credit");
    }
    String amount = String.valueOf(request.amountKrw());
    if (!amount.matches(SIGNED_WON)) {
      wrong("/amountKrw", "must be whole won such as -2028000, not 0");
      return null;
    }
    return fits(new Won(Long.parseLong(amount)), "/amountKrw");
  }

  /** Not more is taken back than the document says, what waits for approval included. */
  private @Nullable Won fits(Won difference, String pointer) {
    if (difference.amount() < 0 && target.left().plus(difference).amount() < 0) {
      wrong(
          pointer,
          "takes back %d won, and %d are left of the invoice"
              .formatted(-difference.amount(), Math.max(0, target.left().amount())));
      return null;
    }
    return difference;
  }

  private @Nullable Won none(NoteKind kind) {
    if (request.percent() != null) {
      wrong("/percent", "has no place: " + kind + " says itself how much");
    }
    if (request.amountKrw() != null) {
      wrong("/amountKrw", "has no place: " + kind + " says itself how much");
    }
    if (request.sku() != null) {
      wrong("/sku", "goes with an SLA credit");
    }
    return null;
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
