package dev.gpucloud.billing.part;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;

/**
 * A tenant's part of an invoice that several tenants of one business number share: the lines of its
 * own projects. The invoice is the document of the account's first tenant, who sees all of it (ADR
 * 112).
 */
public final class InvoicePart {
  /**
   * Of a line l: true for every line when no tenant is given in parameter 2, else for those of the
   * tenant's projects.
   */
  public static final String OWN_LINES =
      """
      (cast(?2 as text) is null or exists (
        select from project_ref p where p.project_id = l.project_id
          and p.tenant_id = cast(cast(?2 as text) as uuid)))""";

  /**
   * Of an invoice i: true when the tenant of parameter 2 has lines of it, or of a note that was
   * issued against it. A tenant of the account that used nothing has no part.
   */
  public static final String IS_THERE =
      """
      exists (
        select from project_ref p
        where p.tenant_id = ?2
          and (exists (select from invoice_line l
                       where l.invoice_id = i.id and l.project_id = p.project_id)
            or exists (select from invoice_note n join invoice_note_line m on m.note_id = n.id
                       where n.invoice_id = i.id and n.state = 'ISSUED'
                         and m.project_id = p.project_id)))""";

  private InvoicePart() {}

  /** For what there is of the whole document alone. */
  public static ProblemException hasNone(String what) {
    return ProblemType.STATE_CONFLICT.because(
        "The invoice was issued to another tenant of your business number, which has %s. Your tenant's part of it comes as its lines, breakdown, CSV and FOCUS."
            .formatted(what));
  }
}
