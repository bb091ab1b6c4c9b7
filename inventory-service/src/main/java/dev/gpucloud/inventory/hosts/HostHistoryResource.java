package dev.gpucloud.inventory.hosts;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;

/** What became of a host, for platform admins. */
@Path("/api/v1/admin/hosts/{host}/history")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class HostHistoryResource {
  private static final String SEQUENCE = "sequence";

  private final Transactions transactions;

  HostHistoryResource(Transactions transactions) {
    this.transactions = transactions;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "Every state a host had, first to last, with actor and reason")
  public Uni<Page<HostHistoryView>> list(
      @PathParam("host") String idOrName, @BeanParam PageRequest page) {
    return transactions.asPlatform(
        s -> HostMoves.find(s, idOrName).chain(host -> history(s, host, page)));
  }

  private static Uni<Page<HostHistoryView>> history(
      Mutiny.Session s, HostId host, PageRequest page) {
    return s.createSelectionQuery(
            "from HostHistoryEntity h where h.hostId = :host and h.sequence > :after"
                + " order by h.sequence",
            HostHistoryEntity.class)
        .setParameter("host", host.value())
        .setParameter("after", sequence(page.after().getOrDefault(SEQUENCE, "0")))
        .setMaxResults(page.limit())
        .getResultList()
        .map(
            rows ->
                page.page(
                    rows, HostHistoryView::of, h -> Map.of(SEQUENCE, Long.toString(h.sequence))));
  }

  private static long sequence(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }
}
