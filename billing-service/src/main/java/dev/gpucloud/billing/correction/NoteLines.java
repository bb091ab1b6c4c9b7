package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.NoteAmount;
import dev.gpucloud.billing.correction.engine.SlaCredit;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.billing.invoice.engine.WholeWon;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Divides what a note changes among tax types, and below them among projects. */
final class NoteLines {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::taxType)
          .thenComparing(p -> p.project() == null ? "" : p.project().toString());

  private NoteLines() {}

  /** Where a line belongs. */
  private record Place(TaxType taxType, @Nullable UUID project) {}

  /** All that stands, as it was charged (rule R8). */
  static List<NoteLine> takeBack(NoteTarget target) {
    return places(target.standing()).entrySet().stream()
        .map(e -> line(e.getKey(), e.getValue(), total(e.getValue()).negate(), vat(e.getValue())))
        .toList();
  }

  private static Won vat(List<BilledLine> of) {
    return of.stream().map(BilledLine::vat).reduce(Won.ZERO, Won::plus).negate();
  }

  /** A percentage of what was billed under each tax type, as a credit without VAT. */
  static List<NoteLine> percentage(Rational pct, Collection<BilledLine> of) {
    Map<TaxType, List<BilledLine>> byType =
        of.stream()
            .collect(Collectors.groupingBy(BilledLine::taxType, TreeMap::new, Collectors.toList()));
    var lines = new ArrayList<NoteLine>();
    byType.forEach(
        (type, billed) -> {
          Won credit = SlaCredit.of(pct, total(billed));
          lines.addAll(spread(credit.negate(), places(billed)));
        });
    return lines.stream().filter(l -> l.supply().amount() != 0).toList();
  }

  /** An amount by what each place was billed. */
  private static List<NoteLine> spread(Won amount, Map<Place, List<BilledLine>> places) {
    Rational whole = Rational.of(places.values().stream().mapToLong(l -> total(l).amount()).sum());
    if (whole.isZero()) {
      return List.of();
    }
    List<Rational> exact =
        places.values().stream()
            .map(l -> Rational.of(amount.amount()).multiply(of(total(l))).divide(whole))
            .toList();
    List<Won> parts = WholeWon.split(amount, exact);
    var lines = new ArrayList<NoteLine>();
    places.forEach((place, l) -> lines.add(line(place, l, parts.get(lines.size()), Won.ZERO)));
    return lines;
  }

  private static Rational of(Won won) {
    return Rational.of(won.amount());
  }

  /** What late usage changes of the invoice's own month, by what each document changes by. */
  static List<NoteLine> late(
      NoteTarget target, Correction correction, Map<ProjectId, String> names) {
    var changes = new TreeMap<>(correction.supplyChanges());
    if (changes.isEmpty()) {
      changes.put(target.usual(), Won.ZERO);
    }
    var lines = new ArrayList<NoteLine>();
    changes.forEach((type, change) -> lines.addAll(late(type, change, correction, names)));
    return replacing(target, lines);
  }

  /** A type's change, by each project's exact changes. */
  private static List<NoteLine> late(
      TaxType type, Won change, Correction correction, Map<ProjectId, String> names) {
    var exact = new TreeMap<String, Rational>();
    correction.changes().entrySet().stream()
        .filter(e -> e.getKey().taxType() == type)
        .forEach(e -> exact.merge(textOf(e.getKey().project()), e.getValue(), Rational::add));
    if (exact.isEmpty()) {
      exact.put("", Rational.ZERO);
    }
    List<Won> parts = WholeWon.split(change, List.copyOf(exact.values()));
    var lines = new ArrayList<NoteLine>();
    for (String project : exact.keySet()) {
      ProjectId id = project.isEmpty() ? null : ProjectId.parse(project);
      lines.add(
          new NoteLine(
              type,
              id == null ? null : id.value(),
              id == null ? null : names.get(id),
              parts.get(lines.size()),
              Won.ZERO));
    }
    return lines;
  }

  private static String textOf(@Nullable ProjectId project) {
    return project == null ? "" : project.toString();
  }

  /** The lines with the VAT of a document that stands in the original's place (rule R8). */
  static List<NoteLine> replacing(NoteTarget target, List<NoteLine> lines) {
    return taxed(
        lines,
        (type, change) ->
            NoteAmount.replacement(
                    target.supply(type), target.vat(type), target.supply(type).plus(change), type)
                .vat());
  }

  /** The lines with the VAT of a difference, which counts all before it (rule R7). */
  static List<NoteLine> differing(NoteTarget target, List<NoteLine> lines) {
    return taxed(
        lines,
        (type, change) ->
            NoteAmount.difference(target.document(type), target.changed(type), change, type).vat());
  }

  private static List<NoteLine> taxed(List<NoteLine> lines, BiFunction<TaxType, Won, Won> vatOf) {
    Map<TaxType, List<NoteLine>> byType =
        lines.stream()
            .collect(Collectors.groupingBy(NoteLine::taxType, TreeMap::new, Collectors.toList()));
    var taxed = new ArrayList<NoteLine>();
    byType.forEach(
        (type, of) -> {
          List<Won> supplies = of.stream().map(NoteLine::supply).toList();
          Won vat = vatOf.apply(type, supplies.stream().reduce(Won.ZERO, Won::plus));
          List<Won> vats =
              type == TaxType.TAXED
                  ? Vat.ofItems(supplies, vat)
                  : Collections.nCopies(of.size(), Won.ZERO);
          for (int i = 0; i < of.size(); i++) {
            taxed.add(of.get(i).with(vats.get(i)));
          }
        });
    return List.copyOf(taxed);
  }

  // ---- places

  private static Map<Place, List<BilledLine>> places(Collection<BilledLine> of) {
    Map<Place, List<BilledLine>> places = new LinkedHashMap<>();
    of.stream()
        .collect(Collectors.groupingBy(l -> new Place(l.taxType(), l.project())))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey(ORDER))
        .forEach(e -> places.put(e.getKey(), e.getValue()));
    return places;
  }

  private static NoteLine line(Place place, List<BilledLine> billed, Won supply, Won vat) {
    return new NoteLine(
        place.taxType(), place.project(), billed.getFirst().projectSlug(), supply, vat);
  }

  private static Won total(List<BilledLine> of) {
    return of.stream().map(BilledLine::supply).reduce(Won.ZERO, Won::plus);
  }
}
