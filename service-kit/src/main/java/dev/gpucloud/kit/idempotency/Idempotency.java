package dev.gpucloud.kit.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.config.KitConfig;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Makes a POST safe to repeat. The answer is stored in the transaction of its effect: either both
 * are there or neither is, so a repeated request gets the first answer and no second effect. A
 * refusal stores nothing; the same key may be tried again.
 */
@ApplicationScoped
public class Idempotency {
  public static final String HEADER = "Idempotency-Key";
  private static final int LONGEST_KEY = 128;
  private static final List<String> KEPT_HEADERS = List.of("Location", "Content-Location", "ETag");

  private final Transactions transactions;
  private final Caller caller;
  private final ObjectMapper json;
  private final Duration retention;

  Idempotency(Transactions transactions, Caller caller, ObjectMapper json, KitConfig config) {
    this.transactions = transactions;
    this.caller = caller;
    this.json = json;
    this.retention = config.idempotency().retention();
  }

  /** Runs the effect in the tenant's transaction, or answers what the key was answered before. */
  public Uni<Response> tenant(
      TenantId tenant,
      @Nullable String key,
      @Nullable Object body,
      Function<Mutiny.Session, Uni<Response>> effect) {
    IdempotencyKey scoped = scopedKey(tenant, key, body);
    return transactions.asTenant(tenant, s -> once(s, scoped, effect));
  }

  /** As {@link #tenant(TenantId, String, Object, Function)} with a key that was scoped before. */
  public Uni<Response> tenant(
      TenantId tenant, IdempotencyKey key, Function<Mutiny.Session, Uni<Response>> effect) {
    return transactions.asTenant(tenant, s -> once(s, key, effect));
  }

  /** As {@link #tenant} for platform requests. */
  public Uni<Response> platform(
      @Nullable String key, @Nullable Object body, Function<Mutiny.Session, Uni<Response>> effect) {
    IdempotencyKey scoped = scopedKey(null, key, body);
    return transactions.asPlatform(s -> once(s, scoped, effect));
  }

  /** As {@link #platform(String, Object, Function)} with a key that was scoped before. */
  public Uni<Response> platform(
      IdempotencyKey key, Function<Mutiny.Session, Uni<Response>> effect) {
    return transactions.asPlatform(s -> once(s, key, effect));
  }

  /** As {@link #tenant} for what a person does for themselves, at no tenant. */
  public Uni<Response> person(
      @Nullable String key, @Nullable Object body, Function<Mutiny.Session, Uni<Response>> effect) {
    IdempotencyKey scoped = scopedKey(null, key, body);
    return transactions.asSystem(s -> once(s, scoped, effect));
  }

  /**
   * The key within the current request's scope.
   *
   * @throws dev.gpucloud.contracts.problem.ProblemException IDEMPOTENCY_KEY_REQUIRED
   */
  public IdempotencyKey scopedKey(
      @Nullable TenantId tenant, @Nullable String key, @Nullable Object body) {
    if (key == null || key.isBlank()) {
      throw ProblemType.IDEMPOTENCY_KEY_REQUIRED.because(
          "This request creates something or charges for it; send an Idempotency-Key header.");
    }
    if (key.length() > LONGEST_KEY || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw ProblemType.IDEMPOTENCY_KEY_REQUIRED.because(
          "An Idempotency-Key has 1 to " + LONGEST_KEY + " printable ASCII characters.");
    }
    String scope =
        (tenant == null ? "platform" : tenant.toString())
            + "|"
            + caller.subject()
            + "|"
            + caller.route();
    return new IdempotencyKey(scope, key, hash(body), tenant);
  }

  /**
   * Serialises the requests of one key for the rest of the transaction.
   *
   * <p>Fails with REQUEST_IN_PROGRESS while another transaction carries the same key out.
   */
  public Uni<Void> lock(Mutiny.Session s, IdempotencyKey key) {
    return Sql.rows(
            s,
            "select pg_try_advisory_xact_lock(hashtextextended(?1, 0))",
            key.scope() + "|" + key.key())
        .invoke(
            rows -> {
              if (!Boolean.TRUE.equals(rows.getFirst()[0])) {
                throw ProblemType.REQUEST_IN_PROGRESS.because(
                    "A request with the key '" + key.key() + "' has not ended yet.");
              }
            })
        .replaceWithVoid();
  }

  /** The answer stored for the key, if any; row-level security applies. */
  public Uni<Optional<StoredAnswer>> find(Mutiny.Session s, IdempotencyKey key) {
    return Sql.rows(
            s,
            """
            select request_hash, status, cast(headers as text), body from idempotency
            where id = ?1""",
            key.id())
        .map(rows -> rows.isEmpty() ? Optional.empty() : Optional.of(answer(rows.getFirst())));
  }

  /** Stores the answer beside its effect. */
  public Uni<Void> store(Mutiny.Session s, IdempotencyKey key, StoredAnswer answer) {
    return Sql.update(
            s,
            """
            insert into idempotency
              (id, scope, key, request_hash, status, headers, body, tenant_id, expires_at)
            values (?1, ?2, ?3, ?4, ?5, cast(cast(?6 as text) as json), cast(?7 as text),
                    cast(cast(?8 as text) as uuid), now() + make_interval(secs => ?9))""",
            key.id(),
            key.scope(),
            key.key(),
            key.requestHash(),
            answer.status(),
            write(answer.headers()),
            answer.body(),
            key.tenant() == null ? null : key.tenant().value().toString(),
            (double) retention.toSeconds())
        .replaceWithVoid();
  }

  /** The response in the form in which it is stored. */
  public StoredAnswer answer(IdempotencyKey key, Response response) {
    var headers = new LinkedHashMap<String, String>();
    for (String name : KEPT_HEADERS) {
      String value = response.getHeaderString(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    Object entity = response.getEntity();
    return new StoredAnswer(
        key.requestHash(), response.getStatus(), headers, entity == null ? null : write(entity));
  }

  private Uni<Response> once(
      Mutiny.Session s, IdempotencyKey key, Function<Mutiny.Session, Uni<Response>> effect) {
    return lock(s, key)
        .chain(() -> find(s, key))
        .chain(
            stored ->
                stored.isPresent()
                    ? Uni.createFrom().item(stored.get().replay(key))
                    : effect.apply(s).chain(r -> keep(s, key, r)));
  }

  private Uni<Response> keep(Mutiny.Session s, IdempotencyKey key, Response response) {
    StoredAnswer answer = answer(key, response);
    caller.made(response);
    return s.flush().chain(() -> store(s, key, answer)).map(v -> answer.first());
  }

  private StoredAnswer answer(Object[] row) {
    try {
      return new StoredAnswer(
          (byte[]) row[0],
          ((Number) row[1]).intValue(),
          json.readValue((String) row[2], new TypeReference<Map<String, String>>() {}),
          (String) row[3]);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] hash(@Nullable Object body) {
    try {
      String text = caller.target() + "\n" + (body == null ? "" : write(body));
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(Object value) {
    try {
      return value instanceof String text ? text : json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
