package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** For the gateway and the services; the gateway does not carry it. */
@Path("/internal/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Internal")
class ExchangeResource {
  private final KeyExchange exchange;
  private final SigningKeys signing;

  ExchangeResource(KeyExchange exchange, SigningKeys signing) {
    this.exchange = exchange;
    this.signing = signing;
  }

  /** The key to be exchanged. */
  @Schema(name = "ExchangeApiKey")
  record ExchangeRequest(
      @Nullable String key,
      @Schema(description = "Whether a client keeps the token: it lives longer then.")
          @Nullable Boolean forClient) {}

  /** The published key set (RFC 7517). */
  record KeySet(List<Map<String, String>> keys) {}

  @POST
  @Path("/exchange")
  @RolesAllowed("service")
  @Operation(summary = "Exchange an API key for a short token")
  public Uni<ExchangeAnswer> exchange(@Nullable ExchangeRequest body) {
    if (body == null || body.key() == null) {
      throw Refusals.missingBody();
    }
    return exchange.exchange(body.key(), Boolean.TRUE.equals(body.forClient()));
  }

  @GET
  @Path("/jwks")
  @PermitAll
  @Operation(summary = "Public keys of the tokens made of API keys")
  public Uni<KeySet> keys() {
    return signing
        .published()
        .map(keys -> new KeySet(keys.stream().map(ExchangeResource::published).toList()));
  }

  private static Map<String, String> published(SigningKeys.SigningKey key) {
    return Map.of(
        "kty",
        "RSA",
        "use",
        "sig",
        "alg",
        "RS256",
        "kid",
        key.entry().kid(),
        "n",
        base64(key.publicKey().getModulus()),
        "e",
        base64(key.publicKey().getPublicExponent()));
  }

  private static String base64(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] plain = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }
}
