package dev.gpucloud.billing.close;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.gpucloud.contracts.id.InstanceId;
import dev.gpucloud.contracts.id.TenantId;
import io.quarkus.oidc.client.filter.OidcClientFilter;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jspecify.annotations.Nullable;

/** How far inventory's events went: what billing must have before it closes a month. */
@RegisterRestClient(configKey = "inventory")
@OidcClientFilter
@Path("/internal/v1/metering")
interface InventoryClient {
  /** The most tenants that may be asked for at once. */
  int MOST_TENANTS = 50;

  @GET
  @Path("/positions")
  @Produces(MediaType.APPLICATION_JSON)
  Uni<Positions> positions(
      @QueryParam("tenant") List<String> tenants,
      @QueryParam("since") String since,
      @QueryParam("before") String before,
      @QueryParam("known") List<Long> known,
      @QueryParam("pageToken") @Nullable String pageToken);

  /**
   * The last sequence, before an instant, of each instance that was not at rest before another; of
   * tenants that have other than the known number of events in between.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Positions(List<Position> items, @Nullable String nextPageToken) {}

  /** The last sequence of one instance. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Position(TenantId tenantId, InstanceId instanceId, long lastSequence) {}
}
