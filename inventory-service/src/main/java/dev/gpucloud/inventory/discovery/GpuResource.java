package dev.gpucloud.inventory.discovery;

import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.catalogue.KeysetQuery;
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
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** GPUs for platform admins. */
@Path("/api/v1/admin/gpus")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Fleet")
public class GpuResource {
  private static final List<String> HEALTH = List.of("OK", "DEGRADED", "FAILED", "UNKNOWN");

  private final Transactions transactions;

  GpuResource(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Filters of the list; all must hold. */
  public static class Filter {
    @QueryParam("site")
    @Nullable String site;

    @QueryParam("host")
    @Nullable String host;

    @QueryParam("delivery")
    @Nullable String delivery;

    @QueryParam("model")
    @Nullable String model;

    @QueryParam("health")
    @Nullable String health;

    @QueryParam("serial")
    @Nullable String serial;

    KeysetQuery<GpuEntity> query() {
      if (health != null && !HEALTH.contains(health)) {
        throw ProblemType.INVALID_PARAMETER
            .because("There is no health '" + health + "'.")
            .at("health", "must be one of " + HEALTH);
      }
      boolean byId = host != null && host.startsWith("hst_");
      return new KeysetQuery<>(GpuEntity.class, "address")
          .where("siteId", site)
          .where("hostName", byId ? null : host)
          .where("hostId", byId ? hostId(host) : null)
          .where("deliveryId", delivery)
          .where("modelId", model)
          .where("health", health)
          .where("serial", serial);
    }

    private static @Nullable UUID hostId(@Nullable String text) {
      try {
        return text == null ? null : HostId.parse(text).value();
      } catch (IllegalArgumentException e) {
        throw ProblemType.INVALID_PARAMETER
            .because("There is no host '" + text + "'.")
            .at("host", "must be a host's id or name");
      }
    }
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(
      summary = "GPUs by host and place, with what discovery tells of them",
      description = "By site, host (id or name), delivery, model, health and serial.")
  public Uni<Page<GpuView>> list(@BeanParam Filter filter, @BeanParam PageRequest page) {
    KeysetQuery<GpuEntity> query = filter.query();
    return transactions.asPlatform(s -> query.page(s, page, GpuView::of, gpu -> gpu.address));
  }
}
