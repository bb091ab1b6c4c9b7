package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.billing.sql.Rows;
import dev.gpucloud.contracts.id.RunId;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.reactive.mutiny.Mutiny;

/** What an outsider needs to know of closed months, in the words of a price file. */
@ApplicationScoped
public class LateExport {
  /** When a month was closed, by the clock that also stamps the arrival of events. */
  @Schema(name = "ExportedClosedMonth")
  public record ClosedMonthView(String month, Instant closedAt) {}

  /** How a month was charged; the account's mode may have changed since. */
  @Schema(name = "ExportedMode")
  public record ModeView(String month, String mode) {}

  /** What the invoice of a month took to be the last sign of life of a run without proof. */
  @Schema(name = "ExportedEstimatedEnd")
  public record EstimatedEndView(String month, RunId runId, Instant aliveThrough) {}

  /** What two persons let pass in a month, where it is about a run. */
  @Schema(name = "ExportedWaiver")
  public record WaiverView(
      String month, String kind, RunId runId, String by, String confirmedBy, String reason) {}

  /** How late usage is charged. */
  @Schema(name = "ExportedLateUsage")
  public record LateUsageView(String way, String writeOffBelowKrw) {}

  /** A credit granted against a month. */
  @Schema(name = "ExportedSlaCredit")
  public record SlaCreditView(
      String id, String month, String amountKrw, String taxType, String grantedOn) {}

  /** All of it, by account. */
  public record All(
      List<Row> invoices,
      List<Row> policies,
      List<Row> credits,
      List<Row> estimates,
      List<Row> waivers) {
    public static final All NOTHING =
        new All(List.of(), List.of(), List.of(), List.of(), List.of());

    public List<EstimatedEndView> estimatedEnds(UUID account) {
      return of(estimates, account).stream()
          .map(r -> new EstimatedEndView(r.text(1), new RunId(r.uuid(2)), r.instant(3)))
          .toList();
    }

    public List<WaiverView> waivers(UUID account) {
      return of(waivers, account).stream()
          .map(
              r ->
                  new WaiverView(
                      r.text(1),
                      r.text(2),
                      RunId.parse(r.text(3)),
                      r.text(4),
                      r.text(5),
                      r.text(6)))
          .toList();
    }

    public List<ClosedMonthView> closedMonths(UUID account) {
      return of(invoices, account).stream()
          .filter(r -> r.textOrNull(2) != null)
          .map(r -> new ClosedMonthView(r.text(1), r.instant(2)))
          .toList();
    }

    public List<ModeView> modes(UUID account) {
      return of(invoices, account).stream().map(r -> new ModeView(r.text(1), r.text(3))).toList();
    }

    public LateUsageView lateUsage(UUID account) {
      return of(policies, account).stream()
          .findFirst()
          .map(r -> new LateUsageView(r.text(1), r.text(2)))
          .orElse(new LateUsageView("NEXT_INVOICE", "0"));
    }

    public List<SlaCreditView> slaCredits(UUID account) {
      return of(credits, account).stream()
          .map(r -> new SlaCreditView(r.text(1), r.text(2), r.text(3), r.text(4), r.text(5)))
          .toList();
    }

    private static List<Row> of(List<Row> rows, UUID account) {
      return rows.stream().filter(r -> r.uuid(0).equals(account)).toList();
    }
  }

  public Uni<All> export(Mutiny.Session s, Collection<UUID> accounts) {
    String ids = Rows.param(accounts);
    var read = new ArrayList<List<Row>>();
    Uni<Void> done = Uni.createFrom().voidItem();
    for (String query : List.of(INVOICES, POLICIES, CREDITS, ESTIMATES, WAIVERS)) {
      done = done.chain(() -> Rows.select(s, query, ids)).invoke(read::add).replaceWithVoid();
    }
    return done.map(v -> new All(read.get(0), read.get(1), read.get(2), read.get(3), read.get(4)));
  }

  private static final String INVOICES =
      """
      select cast(account_id as text), month, millis(closed_at), mode from invoice
      where account_id = any (cast(string_to_array(?1, ',') as uuid[]))
      order by month\
      """;
  private static final String ESTIMATES =
      """
      select cast(i.account_id as text), i.month, cast(e.run_id as text), millis(e.alive_through)
      from invoice_estimate e join invoice i on i.id = e.invoice_id
      where i.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
      order by i.month, e.run_id\
      """;

  /** In the words of a price file, where a run without proof has an estimated end. */
  private static final String WAIVERS =
      """
      select cast(account_id as text), month,
             case code when 'RUN_WITHOUT_PROOF' then 'ESTIMATED_END' else code end, subject,
             proposed_name, decided_name, reason
      from close_waiver
      where account_id = any (cast(string_to_array(?1, ',') as uuid[])) and state = 'CONFIRMED'
        and code in ('RUN_WITHOUT_PROOF', 'ESTIMATED_END', 'STOP_BEFORE_START')
      order by month, code, subject\
      """;

  private static final String POLICIES =
      """
      select distinct on (account_id) cast(account_id as text), way,
             cast(write_off_below_krw as text)
      from late_policy where account_id = any (cast(string_to_array(?1, ',') as uuid[]))
      order by account_id, version desc\
      """;

  /** By tax type: what only an earlier month was billed under is of that month. */
  private static final String CREDITS =
      """
      select cast(n.account_id as text), n.number || case when t.types = 1 then '' else '/' || t.tax_type end,
             t.month, cast(-t.supply as text), t.tax_type, cast(n.write_date as text)
      from invoice_note n join invoice i on i.id = n.invoice_id
        cross join lateral (
          select coalesce((select max(b.original_month) from invoice_line b
                           where b.invoice_id = i.id and b.tax_type = l.tax_type), i.month) as month,
                 l.tax_type, sum(l.supply_krw) as supply, count(*) over () as types
          from invoice_note_line l where l.note_id = n.id group by l.tax_type) t
      where n.account_id = any (cast(string_to_array(?1, ',') as uuid[]))
        and n.state = 'ISSUED' and n.reason = 2 and t.supply < 0
      order by n.number, tax_type_order(t.tax_type)\
      """;
}
