package dev.gpucloud.billing.taxdocument;

import dev.gpucloud.billing.account.Account;
import dev.gpucloud.billing.close.FindingSource;
import dev.gpucloud.billing.close.engine.Check;
import dev.gpucloud.billing.close.engine.Finding;
import dev.gpucloud.billing.document.tax.Deadlines;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.sql.Row;
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
  /** What an invoice says of its month goes before what the account is now. */
  private static final String MONTHS =
      """
      select cast(a.id as text),
        case when i.id is null then
               case when c.standing = 'NOTHING_TO_BILL' then 'NONE' else 'OPEN' end
             when not exists (select from tax_document d where d.invoice_id = i.id)
               and exists (select from invoice_line l
                           where l.invoice_id = i.id and l.tax_type <> 'OUT_OF_SCOPE'
                           group by l.tax_type
                           having sum(coalesce(l.supply_krw, l.amount_krw)) <> 0) then 'DUE'
             else 'NONE' end
      from unnest(cast(string_to_array(?1, ',') as uuid[])) as a (id)
        left join invoice i on i.account_id = a.id and i.month || '' = ?2
        left join close_account c on c.account_id = a.id and c.month = ?2""";

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
    return near.isEmpty() || accounts.isEmpty()
        ? Uni.createFrom().item(Map.of())
        : Rows.select(
                s,
                MONTHS,
                Rows.param(accounts.stream().map(Account::id).toList()),
                month.toString())
            .map(
                rows ->
                    rows.stream()
                        .filter(r -> r.text(1).equals("DUE") || isDue(r, taxed))
                        .collect(Collectors.toMap(r -> r.uuid(0), r -> near)));
  }

  /** Nothing is known of the month yet: by how the account is charged now. */
  private static boolean isDue(Row r, Set<UUID> taxed) {
    return r.text(1).equals("OPEN") && taxed.contains(r.uuid(0));
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
