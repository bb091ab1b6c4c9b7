package dev.gpucloud.inventory.faults;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Reported faults, for platform admins. */
@Path("/api/v1/admin/faults")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Faults")
public class FaultResource {
  private final Transactions transactions;

  FaultResource(Transactions transactions) {
    this.transactions = transactions;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "Faults that agents reported, newest first",
      description = "Filters by site, XID code and decision; all must hold.")
  public Uni<Page<FaultView>> list(
      @QueryParam("site") @Nullable String site,
      @QueryParam("xid") @Nullable Integer xid,
      @QueryParam("decision") @Nullable String decision,
      @BeanParam PageRequest page) {
    Map<String, Object> filters = new LinkedHashMap<>();
    put(filters, "siteId", site);
    put(filters, "xid", xid);
    put(filters, "decision", decision);
    return transactions.asPlatform(s -> page(s, filters, page));
  }

  private static void put(Map<String, Object> filters, String name, @Nullable Object value) {
    if (value != null) {
      filters.put(name, value);
    }
  }

  static Uni<Page<FaultView>> page(
      Mutiny.Session s, Map<String, Object> filters, PageRequest page) {
    UUID before = position(page.after().get("id"));
    StringBuilder hql = new StringBuilder("from FaultEntity f where 1 = 1");
    filters.keySet().forEach(name -> hql.append(" and f.%1$s = :%1$s".formatted(name)));
    if (before != null) {
      hql.append(" and f.id < :before");
    }
    Mutiny.SelectionQuery<FaultEntity> query =
        s.createSelectionQuery(hql.append(" order by f.id desc").toString(), FaultEntity.class);
    for (Map.Entry<String, Object> filter : filters.entrySet()) {
      query = query.setParameter(filter.getKey(), filter.getValue());
    }
    if (before != null) {
      query = query.setParameter("before", before);
    }
    return query
        .setMaxResults(page.limit())
        .getResultList()
        .map(rows -> page.page(rows, FaultView::of, f -> Map.of("id", f.id.toString())));
  }

  private static @Nullable UUID position(@Nullable String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }
}
