package dev.gpucloud.billing.invoice;

import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.ratedrow.StoredRows;
import dev.gpucloud.billing.sql.Row;
import dev.gpucloud.kit.http.ETags;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads an invoice with all that stands below it, for finance or for a tenant. */
@ApplicationScoped
class InvoiceViews {
  private final InvoiceRepository invoices;
  private final StatementRepository below;

  InvoiceViews(InvoiceRepository invoices, StatementRepository below) {
    this.invoices = invoices;
    this.below = below;
  }

  /** The invoice with everything below it. */
  Uni<InvoiceView> view(Mutiny.Session s, InvoiceEntity e) {
    var read = new ArrayList<List<Row>>();
    var details = new ArrayList<StoredRow>();
    return StoredRows.of(s, e.id)
        .invoke(details::addAll)
        .chain(() -> below.lines(s, e.id, null))
        .invoke(read::add)
        .chain(() -> below.credits(s, e.id, null))
        .invoke(read::add)
        .chain(() -> below.commitments(s, e.id))
        .invoke(read::add)
        .chain(() -> below.payments(s, e.id))
        .invoke(read::add)
        .chain(() -> below.notes(s, e.id, null))
        .invoke(read::add)
        .chain(() -> invoices.history(s, e.id))
        .invoke(read::add)
        .map(
            done ->
                InvoiceView.of(
                    e,
                    new InvoiceView.Below(
                        read.get(0),
                        details,
                        read.get(1),
                        read.get(2),
                        read.get(3),
                        read.get(4),
                        read.get(5))));
  }

  /** What a tenant sees: its own document, or its part of another tenant's. */
  Uni<Response> answer(Mutiny.Session s, InvoiceEntity e, UUID tenant) {
    return (e.isOf(tenant) ? view(s, e) : part(s, e, tenant)).map(InvoiceViews::answer);
  }

  /** Rows of lines that are not the tenant's are read with the document and left out. */
  private Uni<InvoiceView> part(Mutiny.Session s, InvoiceEntity e, UUID tenant) {
    var read = new ArrayList<List<Row>>();
    var details = new ArrayList<StoredRow>();
    return StoredRows.of(s, e.id)
        .invoke(details::addAll)
        .chain(() -> below.lines(s, e.id, tenant))
        .invoke(read::add)
        .chain(() -> below.credits(s, e.id, tenant))
        .invoke(read::add)
        .chain(() -> below.notes(s, e.id, tenant))
        .invoke(read::add)
        .chain(() -> invoices.parts(s, tenant, List.of(e)))
        .map(amounts -> amounts.getOrDefault(e.id, InvoiceView.Amounts.ofPart(0, 0, 0)))
        .map(
            amounts ->
                InvoiceView.part(e, amounts, read.get(0), details, read.get(1), read.get(2)));
  }

  Uni<Response> answer(Mutiny.Session s, InvoiceEntity e) {
    return view(s, e).map(InvoiceViews::answer);
  }

  private static Response answer(InvoiceView view) {
    return Response.ok(view).header(HttpHeaders.ETAG, ETags.of(view.version())).build();
  }
}
