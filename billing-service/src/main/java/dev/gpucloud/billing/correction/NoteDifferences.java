package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a request for a note changes by tax type and project, or what is wrong with that. */
final class NoteDifferences {
  private static final String WON = "[1-9][0-9]{0,14}";
  private static final String SIGNED_WON = "-?" + WON;
  private static final String PERCENT = "[0-9]{1,3}(\\.[0-9]{1,6})?";
  private static final Rational HUNDRED = Rational.of(100);

  private final CreateNoteRequest request;
  private final NoteTarget target;
  private final BiConsumer<String, String> wrong;

  /** {@code wrong} takes the pointer of a field and what it must be. */
  NoteDifferences(CreateNoteRequest request, NoteTarget target, BiConsumer<String, String> wrong) {
    this.request = request;
    this.target = target;
    this.wrong = wrong;
  }

  /** Without VAT; empty where the kind says itself how much, or something is wrong. */
  List<NoteLine> of(NoteKind kind) {
    return switch (kind) {
      case SLA -> sla(project());
      case SUPPLY_CHANGE -> change(project());
      case LATE_USAGE, RESCINDED, DOUBLE_ISSUE -> none(kind);
    };
  }

  private @Nullable UUID project() {
    String text = request.project();
    UUID project = text == null ? null : idOrNull(text);
    boolean isKnown =
        text == null || target.lines().stream().anyMatch(l -> Objects.equals(l.project(), project));
    if (!isKnown || text != null && project == null) {
      wrong.accept("/project", "is not on the invoice");
    }
    return project;
  }

  private static @Nullable UUID idOrNull(String text) {
    try {
      return ProjectId.parse(text).value();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private List<BilledLine> concerned(@Nullable UUID project) {
    return target.standing().stream()
        .filter(l -> project == null || project.equals(l.project()))
        .filter(l -> request.sku() == null || request.sku().equals(l.sku()))
        .toList();
  }

  /** The usual tax type, unless nothing that is concerned was billed under it. */
  private TaxType taxType(@Nullable UUID project) {
    var billed = new TreeSet<TaxType>();
    concerned(project).forEach(l -> billed.add(l.taxType()));
    TaxType usual =
        billed.isEmpty() || billed.contains(target.usual()) ? target.usual() : billed.first();
    String wanted = request.taxType();
    if (wanted == null) {
      return usual;
    }
    return target.taxTypes().stream()
        .filter(t -> t.name().equals(wanted))
        .findFirst()
        .orElseGet(
            () -> {
              wrong.accept("/taxType", "must be a tax type of the invoice: " + target.taxTypes());
              return usual;
            });
  }

  // ---- amounts

  private List<NoteLine> sla(@Nullable UUID project) {
    if ((request.percent() == null) == (request.amountKrw() == null)) {
      wrong.accept("/percent", "must be given, or amountKrw, and not both");
      return List.of();
    }
    if (request.percent() != null) {
      if (request.taxType() != null) {
        wrong.accept("/taxType", "goes with amountKrw; a percentage is of every tax type");
      }
      return fit(percent(project), "/percent");
    }
    if (request.sku() != null) {
      wrong.accept("/sku", "goes with a percentage");
    }
    String amount = String.valueOf(request.amountKrw());
    if (!amount.matches(WON)) {
      wrong.accept("/amountKrw", "must be whole won, more than 0");
      return List.of();
    }
    return amount(new Won(Long.parseLong(amount)).negate(), project);
  }

  private List<NoteLine> amount(Won difference, @Nullable UUID project) {
    String slug =
        project == null
            ? null
            : target.lines().stream()
                .filter(l -> project.equals(l.project()))
                .map(BilledLine::projectSlug)
                .findFirst()
                .orElse(null);
    return fit(
        List.of(new NoteLine(taxType(project), project, slug, difference, Won.ZERO)), "/amountKrw");
  }

  private List<NoteLine> percent(@Nullable UUID project) {
    String text = Objects.requireNonNull(request.percent());
    Rational pct = text.matches(PERCENT) ? Rational.parse(text) : Rational.ZERO;
    if (pct.signum() <= 0 || pct.compareTo(HUNDRED) > 0) {
      wrong.accept("/percent", "must be more than 0 and at most 100");
      return List.of();
    }
    List<BilledLine> billed = concerned(project);
    if (billed.isEmpty() && request.sku() != null) {
      wrong.accept("/sku", "is not on the invoice");
      return List.of();
    }
    List<NoteLine> credit = NoteLines.percentage(pct, billed);
    if (sum(credit).amount() >= 0) {
      Won of = billed.stream().map(BilledLine::supply).reduce(Won.ZERO, Won::plus);
      wrong.accept("/percent", "comes to nothing of " + of.amount() + " won");
      return List.of();
    }
    return credit;
  }

  private static Won sum(List<NoteLine> lines) {
    return lines.stream().map(NoteLine::supply).reduce(Won.ZERO, Won::plus);
  }

  private List<NoteLine> change(@Nullable UUID project) {
    if (request.percent() != null) {
      wrong.accept("/percent", "goes with an SLA credit");
    }
    if (request.sku() != null) {
      wrong.accept("/sku", "goes with an SLA credit");
    }
    String amount = String.valueOf(request.amountKrw());
    if (!amount.matches(SIGNED_WON)) {
      wrong.accept("/amountKrw", "must be whole won such as -2028000, not 0");
      return List.of();
    }
    return amount(new Won(Long.parseLong(amount)), project);
  }

  /**
   * Not more is taken back than a document says, what waits for approval included; what waits and
   * goes the other way may be withdrawn and does not count.
   */
  private List<NoteLine> fit(List<NoteLine> lines, String pointer) {
    lines.stream()
        .collect(Collectors.groupingBy(NoteLine::taxType, TreeMap::new, Collectors.toList()))
        .forEach((type, of) -> fit(type, sum(of), pointer));
    return lines;
  }

  private void fit(TaxType type, Won difference, String pointer) {
    String of = target.taxTypes().size() > 1 ? "what it bills as " + type : "the invoice";
    Won left = target.left(type);
    Won waiting = target.waiting(type, difference);
    long after = left.plus(waiting).plus(difference).amount();
    if (difference.amount() < 0 && after < 0) {
      wrong.accept(
          pointer,
          "takes back %d won, and %d are left of %s%s"
              .formatted(
                  -difference.amount(),
                  Math.max(0, left.amount()),
                  of,
                  waiting.amount() == 0
                      ? ""
                      : ", of which notes in review take back " + -waiting.amount()));
    }
    if (difference.amount() > 0 && after > 0 && target.supply(type).amount() < 0) {
      wrong.accept(
          pointer,
          "gives %d won back, and %d are left of %s%s"
              .formatted(
                  difference.amount(),
                  -left.amount(),
                  of,
                  waiting.amount() == 0
                      ? ""
                      : ", of which notes in review give back " + waiting.amount()));
    }
  }

  private List<NoteLine> none(NoteKind kind) {
    refuse("/percent", request.percent(), kind);
    refuse("/amountKrw", request.amountKrw(), kind);
    if (request.sku() != null) {
      wrong.accept("/sku", "goes with an SLA credit");
    }
    refuse("/project", request.project(), kind);
    refuse("/taxType", request.taxType(), kind);
    return List.of();
  }

  private void refuse(String pointer, @Nullable String value, NoteKind kind) {
    if (value != null) {
      wrong.accept(pointer, "has no place: " + kind + " says itself how much");
    }
  }
}
