package dev.gpucloud.inventory.image;

import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.reactive.mutiny.Mutiny;

/** The platform's care for images. */
@Path("/api/v1/admin/images")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Images")
public class ImageAdminResource {
  private static final Pattern FAMILY = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Pattern VERSION = Pattern.compile("[a-z0-9][a-z0-9.-]{0,30}");

  private final Images images;
  private final Transactions transactions;

  ImageAdminResource(Images images, Transactions transactions) {
    this.images = images;
    this.transactions = transactions;
  }

  @GET
  @RolesAllowed({"platform-admin", "auditor"})
  @Operation(summary = "All images, withdrawn ones too")
  public Uni<Page<ImageView>> all() {
    return transactions.asPlatform(Images::load).map(found -> new Page<>(found, null));
  }

  @PUT
  @Path("/{image}/versions/{version}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Offer an image version, or change it",
      description =
          "Deprecated ones can be asked for by their id alone; a preferred one takes the place of"
              + " the one before. Instances keep the version that they were made from.")
  @APIResponse(responseCode = "200", description = "The image version as it is now")
  public Uni<ImageView> put(
      @PathParam("image") String family,
      @PathParam("version") String version,
      @NotNull(message = "a body is required") @Valid ImageRequest request) {
    check(FAMILY, family, "image");
    check(VERSION, version, "version");
    boolean preferred = Boolean.TRUE.equals(request.preferred());
    if (preferred && !request.state().equals("ACTIVE")) {
      throw ProblemType.UNPROCESSABLE
          .because("Only an active image can be the preferred one.")
          .at("/preferred", "must be false unless state is ACTIVE");
    }
    return transactions
        .asPlatform(
            s ->
                keepsOne(s, family, version, preferred)
                    .chain(() -> unprefer(s, preferred))
                    .chain(() -> write(s, family, version, request, preferred))
                    .chain(() -> load(s, family, version)))
        .call(images::refresh);
  }

  /** Instances that name no image boot the preferred one, so there is always one. */
  private static Uni<Void> keepsOne(
      Mutiny.Session s, String family, String version, boolean staysPreferred) {
    return Sql.rows(s, "select family, version from image where preferred for no key update")
        .invoke(
            rows -> {
              boolean isIt =
                  rows.stream().anyMatch(r -> r[0].equals(family) && r[1].equals(version));
              if (isIt && !staysPreferred) {
                throw ProblemType.STATE_CONFLICT
                    .because(
                        "Image %s:%s is what instances boot that name none; prefer another first."
                            .formatted(family, version))
                    .at("/preferred", "must be true until another image is preferred");
              }
            })
        .replaceWithVoid();
  }

  private static Uni<Void> unprefer(Mutiny.Session s, boolean another) {
    return another
        ? Sql.update(s, "update image set preferred = false where preferred").replaceWithVoid()
        : Uni.createFrom().voidItem();
  }

  private static Uni<Integer> write(
      Mutiny.Session s, String family, String version, ImageRequest r, boolean preferred) {
    return Sql.update(
        s,
        """
        insert into image (family, version, description, login_user, state, preferred)
        values (?1, ?2, ?3, ?4, ?5, ?6)
        on conflict (family, version) do update set description = excluded.description,
          login_user = excluded.login_user, state = excluded.state,
          preferred = excluded.preferred, row_version = image.row_version + 1""",
        family,
        version,
        r.description(),
        r.loginUser(),
        r.state(),
        preferred);
  }

  private static Uni<ImageView> load(Mutiny.Session s, String family, String version) {
    return s.find(ImageEntity.class, new ImageEntity.Key(family, version)).map(ImageView::of);
  }

  @DELETE
  @Path("/{image}/versions/{version}")
  @RolesAllowed("platform-admin")
  @Operation(
      summary = "Withdraw an image version",
      description = "New instances cannot name it; those made from it keep it.")
  @APIResponse(responseCode = "200", description = "The image version, withdrawn")
  public Uni<ImageView> withdraw(
      @PathParam("image") String family, @PathParam("version") String version) {
    return transactions
        .asPlatform(
            s ->
                keepsOne(s, family, version, false)
                    .chain(
                        () ->
                            Sql.update(
                                s,
                                """
                        update image set state = 'WITHDRAWN', preferred = false,
                          row_version = row_version + 1 where family = ?1 and version = ?2""",
                                family,
                                version))
                    .invoke(
                        n -> {
                          if (n == 0) {
                            throw ProblemType.NOT_FOUND.because(
                                "There is no image '" + family + ":" + version + "'.");
                          }
                        })
                    .chain(() -> load(s, family, version)))
        .call(images::refresh);
  }

  private static void check(Pattern pattern, String text, String name) {
    if (!pattern.matcher(text).matches()) {
      throw ProblemType.INVALID_PARAMETER
          .because(
              "An image and its version are named by lowercase letters, digits, dots, hyphens.")
          .at(name, "must match " + pattern);
    }
  }
}
