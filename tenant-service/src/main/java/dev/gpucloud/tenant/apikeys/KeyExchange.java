package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.key.ApiKey;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.KeyAdmission;
import dev.gpucloud.tenant.engine.KeyRefusal;
import dev.gpucloud.tenant.members.MemberEntity;
import dev.gpucloud.tenant.members.MemberRepository;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Turns a key into a token of a minute. The token names the key's holder and what the key allows;
 * services take the holder's roles from their own projection, so the token carries none that the
 * holder may have lost meanwhile.
 */
@ApplicationScoped
class KeyExchange {
  private static final String AUDIENCE = "gpucloud-api";

  private final Transactions transactions;
  private final ApiKeyRepository keys;
  private final MemberRepository members;
  private final TenantRepository tenants;
  private final SigningKeys signing;
  private final KeyUse use;
  private final ApiKeysConfig config;
  private final String issuer;
  private final InstantSource clock;

  KeyExchange(
      Transactions transactions,
      ApiKeyRepository keys,
      MemberRepository members,
      TenantRepository tenants,
      SigningKeys signing,
      KeyUse use,
      ApiKeysConfig config,
      KitConfig kit,
      @SystemClock InstantSource clock) {
    this.transactions = transactions;
    this.keys = keys;
    this.members = members;
    this.tenants = tenants;
    this.signing = signing;
    this.use = use;
    this.config = config;
    this.issuer = kit.apiKeys().issuer();
    this.clock = clock;
  }

  private record Holder(ApiKeyEntity key, MemberEntity member, TenantEntity tenant) {
    KeyAdmission.Known known() {
      return new KeyAdmission.Known(
          key.secretHash(), key.expiresAt(), key.revokedAt(), member.active(), tenant.state());
    }
  }

  /** Answers a token; one for a client lives longer than one for a single request. */
  Uni<ExchangeAnswer> exchange(String text, boolean forClient) {
    Optional<ApiKey> key = ApiKey.parse(text);
    if (key.isEmpty()) {
      return Uni.createFrom().item(ExchangeAnswer.refused(KeyRefusal.UNKNOWN));
    }
    return transactions
        .asSystem(session -> find(session, key.get()))
        .chain(holder -> answer(holder, key.get(), forClient));
  }

  private Uni<Optional<Holder>> find(Mutiny.Session session, ApiKey key) {
    return keys.find(session, key.id())
        .chain(
            row ->
                row == null
                    ? Uni.createFrom().item(Optional.empty())
                    : members
                        .find(session, row.tenant(), row.subject())
                        .chain(
                            member ->
                                tenants
                                    .find(session, row.tenant())
                                    .map(tenant -> holder(row, member, tenant))));
  }

  private static Optional<Holder> holder(
      ApiKeyEntity row, @Nullable MemberEntity member, @Nullable TenantEntity tenant) {
    return member == null || tenant == null
        ? Optional.empty()
        : Optional.of(new Holder(row, member, tenant));
  }

  private Uni<ExchangeAnswer> answer(Optional<Holder> found, ApiKey key, boolean forClient) {
    Instant now = clock.instant();
    Optional<KeyRefusal> refusal =
        found
            .map(holder -> KeyAdmission.refusal(holder.known(), key.secretHash(), now))
            .orElse(Optional.of(KeyRefusal.UNKNOWN));
    if (refusal.isPresent()) {
      return Uni.createFrom().item(ExchangeAnswer.refused(refusal.get()));
    }
    use.used(key.id(), now);
    return signing.signer().map(signer -> token(found.get(), signer, now, forClient));
  }

  private ExchangeAnswer token(
      Holder holder, SigningKeys.SigningKey signer, Instant now, boolean forClient) {
    ApiKeyEntity key = holder.key();
    Instant end = now.plus(forClient ? config.clientTokenLifetime() : config.tokenLifetime());
    Instant expiry = end.isBefore(key.expiresAt()) ? end : key.expiresAt();
    String token =
        Jwt.issuer(issuer)
            .subject(key.subject())
            .audience(AUDIENCE)
            .claim("preferred_username", holder.member().username())
            .claim("keyId", key.id().toString())
            .claim("tenant", key.tenant().toString())
            .claim("projects", words(key.projects()))
            .claim("roles", words(key.roles()))
            .claim("actions", words(key.actions()))
            .issuedAt(now)
            .expiresAt(expiry)
            .jws()
            .keyId(signer.entry().kid())
            .algorithm(SignatureAlgorithm.RS256)
            .sign(signer.privateKey());
    return ExchangeAnswer.accepted(token, expiry, key.subject());
  }

  private static String words(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" "));
  }
}
