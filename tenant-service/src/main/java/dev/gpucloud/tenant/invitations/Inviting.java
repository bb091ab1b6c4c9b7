package dev.gpucloud.tenant.invitations;

import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.idempotency.Idempotency;
import dev.gpucloud.kit.idempotency.StoredAnswer;
import dev.gpucloud.tenant.invitations.InvitationEntity.Place;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers who invites. The token is in the first answer alone and in nothing that is stored: a
 * repeated request gets the same answer without it.
 */
@ApplicationScoped
class Inviting {
  private final InvitationService service;
  private final Idempotency idempotency;

  Inviting(InvitationService service, Idempotency idempotency) {
    this.service = service;
    this.idempotency = idempotency;
  }

  Uni<Response> toTenant(Place place, @Nullable String key, @Nullable InviteRequest body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return invite(place, key, body, body.asked());
  }

  Uni<Response> toProject(Place place, @Nullable String key, @Nullable InviteToProject body) {
    if (body == null) {
      throw Refusals.missingBody();
    }
    return invite(place, key, body, body.asked(Objects.requireNonNull(place.project())));
  }

  private Uni<Response> invite(
      Place place, @Nullable String key, Object body, InviteRequest.Asked asked) {
    InvitationToken token = InvitationToken.next();
    var made = new AtomicReference<@Nullable InvitationView>();
    return idempotency
        .tenant(
            place.tenant(),
            key,
            body,
            session ->
                service
                    .invite(session, place, asked, token)
                    .invoke(made::set)
                    .map(Inviting::created))
        .map(answer -> withToken(answer, made.get(), token));
  }

  private static Response withToken(
      Response answer, @Nullable InvitationView made, InvitationToken token) {
    boolean isReplay = answer.getHeaderString(StoredAnswer.REPLAYED) != null;
    return made == null || isReplay ? answer : created(made.with(token));
  }

  private static Response created(InvitationView view) {
    return Response.status(Response.Status.CREATED)
        .header(
            HttpHeaders.LOCATION,
            "/api/v1/tenants/%s/invitations/%s".formatted(view.tenantId(), view.id()))
        .header(HttpHeaders.ETAG, ETags.of(view.version()))
        .entity(view)
        .build();
  }
}
