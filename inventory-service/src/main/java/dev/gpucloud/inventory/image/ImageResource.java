package dev.gpucloud.inventory.image;

import dev.gpucloud.kit.access.ApiKeyAccess;
import dev.gpucloud.kit.page.Page;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The images that instances boot. */
@Path("/api/v1/images")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@ApiKeyAccess
@Tag(name = "Images")
public class ImageResource {
  private final Images images;

  ImageResource(Images images) {
    this.images = images;
  }

  @GET
  @Operation(
      summary = "Images that an instance can boot",
      description = "By family, newest version first; withdrawn ones are not shown.")
  public Uni<Page<ImageView>> list() {
    return Uni.createFrom()
        .item(
            new Page<>(
                images.current().stream().filter(i -> !i.state().equals("WITHDRAWN")).toList(),
                null));
  }
}
