package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.billing.document.invoice.IssuedInvoice;
import dev.gpucloud.billing.document.tax.Amendments;
import dev.gpucloud.billing.document.tax.Outcome;
import dev.gpucloud.billing.document.tax.TaxInvoice;
import dev.gpucloud.billing.document.tax.TaxInvoices;
import dev.gpucloud.billing.document.tax.TaxItem;
import dev.gpucloud.billing.document.tax.Violation;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.invoice.engine.Vat;
import dev.gpucloud.contracts.money.Won;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns a request into documents, or into everything that is wrong with it. */
final class TaxDocumentWriter {
  static final int ENTRY_ERROR = 1;

  private TaxDocumentWriter() {}

  static List<TaxInvoice> write(
      CreateTaxDocumentRequest request, IssuedInvoice invoice, List<StoredTaxDocument> there) {
    if (request.reason() == null) {
      StoredTaxDocument original =
          there.stream().filter(d -> d.ordinal() == 0).findFirst().orElse(null);
      return original(request, invoice, original);
    }
    return amend(request, ofType(wanted(request, there), there));
  }

  /** Which document is to be amended; an invoice of one tax type has no other. */
  private static TaxType wanted(CreateTaxDocumentRequest request, List<StoredTaxDocument> there) {
    var types = new TreeSet<TaxType>();
    there.forEach(d -> types.add(d.content().taxType()));
    if (request.taxType() == null && types.size() > 1) {
      throw invalid("/taxType", "is missing: the invoice has documents of " + types);
    }
    if (request.taxType() == null) {
      return types.isEmpty() ? TaxType.TAXED : types.first();
    }
    TaxType wanted = TaxType.valueOf(request.taxType());
    if (!types.isEmpty() && !types.contains(wanted)) {
      throw invalid("/taxType", "has no document: the invoice has them of " + types);
    }
    return wanted;
  }

  /** The original of a tax type and what amends it. */
  static List<StoredTaxDocument> ofType(TaxType type, List<StoredTaxDocument> there) {
    return there.stream().filter(d -> d.content().taxType() == type).toList();
  }

  /** Whether a document stands that the tax office accepted. */
  static boolean canAmend(List<StoredTaxDocument> there) {
    StoredTaxDocument standing = standing(there);
    return standing != null && standing.state() == TaxDocumentState.ACCEPTED;
  }

  /** 0 for an original; amendments are counted by tax type. */
  static int ordinal(TaxInvoice made, List<StoredTaxDocument> there) {
    return made.amendment() == null ? 0 : nextOrdinal(ofType(made.taxType(), there));
  }

  private static int nextOrdinal(List<StoredTaxDocument> there) {
    return there.stream().mapToInt(StoredTaxDocument::ordinal).max().orElse(0) + 1;
  }

  /** What amends the document of a tax type: the original, or what stands in its place. */
  static List<TaxInvoice> amend(CreateTaxDocumentRequest request, List<StoredTaxDocument> there) {
    Optional<StoredTaxDocument> back = takenBack(there);
    back.filter(d -> !isEntryError(request.reason()) || !isEntryError(d.reason()))
        .ifPresent(TaxDocumentWriter::refuse);
    StoredTaxDocument standing = standing(there);
    if (standing == null || standing.state() != TaxDocumentState.ACCEPTED) {
      throw ProblemType.STATE_CONFLICT.because(
          "Only a document that the tax office accepted is amended; this invoice has none.");
    }
    var amendments =
        new Amendments(standing.content(), standing.approvalNumber(), nextOrdinal(there));
    return documents(
        switch (Objects.requireNonNull(request.reason())) {
          case ENTRY_ERROR -> {
            TaxInvoice right = right(request, standing.content());
            yield back.isPresent() ? amendments.replacement(right) : amendments.entryError(right);
          }
          case 2 -> difference(request, amendments, there);
          case 4 -> amendments.contractRescinded(day(request));
          case 6 -> amendments.doubleIssue();
          default -> throw invalid("/reason", "must be 1, 2, 4 or 6");
        });
  }

  /** The last of the original and its replacements. */
  private static @Nullable StoredTaxDocument standing(List<StoredTaxDocument> there) {
    return there.stream()
        .filter(d -> d.ordinal() == 0 || d.kind().equals("REPLACEMENT"))
        .max(Comparator.comparingInt(StoredTaxDocument::ordinal))
        .orElse(null);
  }

  private static List<TaxInvoice> original(
      CreateTaxDocumentRequest request,
      IssuedInvoice invoice,
      @Nullable StoredTaxDocument original) {
    if (original != null) {
      throw ProblemType.ALREADY_EXISTS
          .because("The invoice has its tax document: " + original.key() + ".")
          .with("key", original.key());
    }
    boolean isAmendment =
        request.day() != null || request.supplyValue() != null || request.items() != null;
    if (isAmendment || request.taxType() != null) {
      throw invalid("/reason", "is missing; the original takes everything from the invoice");
    }
    return documents(TaxInvoices.of(invoice));
  }

  /**
   * What took a document back with nothing in its place: it cannot be amended any more, unless it
   * came to 0 won by an entry error and comes to something after all.
   */
  private static Optional<StoredTaxDocument> takenBack(List<StoredTaxDocument> there) {
    return there.stream()
        .filter(d -> d.kind().equals("REVERSAL"))
        .filter(d -> there.stream().noneMatch(o -> isInPlaceOf(o, d)))
        .findFirst();
  }

  private static boolean isEntryError(@Nullable Integer reason) {
    return reason != null && reason == ENTRY_ERROR;
  }

  private static void refuse(StoredTaxDocument back) {
    throw ProblemType.STATE_CONFLICT
        .because("The original was taken back by " + back.key() + ".")
        .with("key", back.key());
  }

  private static boolean isInPlaceOf(StoredTaxDocument other, StoredTaxDocument reversal) {
    return other.kind().equals("REPLACEMENT") && other.ordinal() >= reversal.ordinal();
  }

  /** The document of a tax type that came to 0 won before, as a correction makes it. */
  static List<TaxInvoice> late(
      CreateTaxDocumentRequest request, IssuedInvoice invoice, TaxType type) {
    return documents(TaxInvoices.late(invoice, type, items(request, invoice.writeDate(), type)));
  }

  private static Outcome difference(
      CreateTaxDocumentRequest request, Amendments amendments, List<StoredTaxDocument> there) {
    if (request.supplyValue() == null) {
      throw invalid("/supplyValue", "is missing");
    }
    Won before =
        there.stream()
            .filter(d -> d.kind().equals("DIFFERENCE"))
            .map(d -> d.content().supplyValue())
            .reduce(Won.ZERO, Won::plus);
    String name = request.name();
    return amendments.supplyValueChange(
        new Won(Long.parseLong(request.supplyValue())),
        before,
        day(request),
        name == null || name.isBlank() ? "공급가액 변동" : name);
  }

  private static LocalDate day(CreateTaxDocumentRequest request) {
    LocalDate day = request.day();
    if (day == null) {
      throw invalid("/day", "is missing");
    }
    return day;
  }

  private static TaxInvoice right(CreateTaxDocumentRequest request, TaxInvoice original) {
    List<TaxItem> items = items(request, original.writeDate(), original.taxType());
    Won supply = items.stream().map(TaxItem::supplyValue).reduce(Won.ZERO, Won::plus);
    return new TaxInvoice(
        original.key(),
        original.taxType(),
        original.purpose(),
        original.writeDate(),
        original.supplier(),
        original.recipient(),
        supply,
        Vat.of(supply, original.taxType()),
        items,
        false,
        null);
  }

  private static List<TaxItem> items(
      CreateTaxDocumentRequest request, LocalDate writeDate, TaxType type) {
    List<CreateTaxDocumentRequest.Item> wanted = request.items();
    if (wanted == null) {
      throw invalid("/items", "is missing");
    }
    List<Won> supplies =
        wanted.stream()
            .map(i -> new Won(Long.parseLong(Objects.requireNonNull(i.supplyValue()))))
            .toList();
    Won vat = Vat.of(supplies.stream().reduce(Won.ZERO, Won::plus));
    List<Won> vats =
        type == TaxType.TAXED
            ? Vat.ofItems(supplies, vat)
            : supplies.stream().map(i -> Won.ZERO).toList();
    var items = new ArrayList<TaxItem>();
    for (int i = 0; i < wanted.size(); i++) {
      items.add(
          new TaxItem(
              writeDate,
              Objects.requireNonNull(wanted.get(i).name()),
              wanted.get(i).spec(),
              null,
              null,
              supplies.get(i),
              vats.get(i),
              null));
    }
    return items;
  }

  private static List<TaxInvoice> documents(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Ready ready -> ready.documents();
      case Outcome.Refused refused -> {
        ProblemException problem =
            ProblemType.VALIDATION_FAILED.because(
                "The tax document lacks or contradicts something.");
        for (Violation v : refused.violations()) {
          problem = problem.at(v.pointer(), v.detail());
        }
        throw problem;
      }
    };
  }

  private static ProblemException invalid(String pointer, String detail) {
    return ProblemType.VALIDATION_FAILED.because("1 value is invalid.").at(pointer, detail);
  }
}
