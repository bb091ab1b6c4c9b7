package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.FindingSource;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.document.tax.Deadlines;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.kit.clock.Business;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Warns before a close that the month's tax document is due. */
@ApplicationScoped
class DeadlineFindings implements FindingSource {
  private final TaxConfig config;
  private final InstantSource clock;

  DeadlineFindings(TaxConfig config, @Business InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  @Override
  public Uni<Map<UUID, List<Finding>>> find(
      Mutiny.Session s, List<Account> accounts, BillingMonth month) {
    List<Finding> near = near(month);
    Set<UUID> taxed =
        accounts.stream()
            .filter(a -> a.mode().taxType() != TaxType.OUT_OF_SCOPE)
            .map(Account::id)
            .collect(Collectors.toSet());
    return near.isEmpty() || taxed.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : Rows.select(
                s,
                """
                select distinct cast(i.account_id as text)
                from tax_document d join invoice i on i.id = d.invoice_id
                where i.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
                  and i.month = ?2""",
                Rows.param(taxed),
                month.toString())
            .map(
                rows -> {
                  rows.forEach(r -> taxed.remove(r.uuid(0)));
                  return taxed.stream().collect(Collectors.toMap(id -> id, id -> near));
                });
  }

  private List<Finding> near(BillingMonth month) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), BillingMonth.ZONE);
    Deadlines deadlines = Deadlines.of(month.month().atEndOfMonth(), null);
    return deadlines.warnings(today, config.warnDays(), null, false).stream()
        .map(
            w ->
                new Finding(
                    Check.TAX_DOCUMENT_DUE,
                    month.toString(),
                    "The tax document of " + month + " is to be issued by " + w.deadline() + ".",
                    Map.of("warning", w.code().name(), "issueBy", w.deadline().toString())))
        .toList();
  }
}
