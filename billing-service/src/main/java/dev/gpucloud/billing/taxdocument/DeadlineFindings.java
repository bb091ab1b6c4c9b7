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
  public Uni<List<Finding>> find(Mutiny.Session s, Account account, BillingMonth month) {
    List<Finding> near = near(month);
    return near.isEmpty() || account.mode().taxType() == TaxType.OUT_OF_SCOPE
        ? Uni.createFrom().item(List.of())
        : Rows.select(
                s,
                """
                select count(*) from tax_document d join invoice i on i.id = d.invoice_id
                where i.account_id = ?1 and i.month = ?2""",
                account.id(),
                month.toString())
            .map(rows -> rows.getFirst().number(0) > 0 ? List.of() : near);
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
