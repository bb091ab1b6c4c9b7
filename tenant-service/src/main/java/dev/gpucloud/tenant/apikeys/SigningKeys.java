package dev.gpucloud.tenant.apikeys;

import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.kit.clock.SystemClock;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.SigningSchedule;
import dev.gpucloud.tenant.engine.SigningSchedule.Entry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The keys that sign tokens, shared by all replicas through the database. A replica looks at them
 * once a minute; the lead with which a key is published covers that.
 */
@ApplicationScoped
class SigningKeys {
  private static final int BITS = 2048;
  private static final String LOCK = "select pg_advisory_xact_lock(hashtext('token_signing_key'))";

  private final Transactions transactions;
  private final SigningSchedule schedule;
  private final Sealing sealing;
  private final InstantSource clock;
  private volatile List<SigningKey> known = List.of();

  SigningKeys(Transactions transactions, ApiKeysConfig config, @SystemClock InstantSource clock) {
    this.transactions = transactions;
    this.schedule =
        new SigningSchedule(config.rotation(), config.publishLead(), longestToken(config));
    this.sealing = new Sealing(config.sealingSecret());
    this.clock = clock;
  }

  private static Duration longestToken(ApiKeysConfig config) {
    Duration ofRequests = config.tokenLifetime();
    Duration ofClients = config.clientTokenLifetime();
    return ofRequests.compareTo(ofClients) > 0 ? ofRequests : ofClients;
  }

  /** A key pair of ours. */
  record SigningKey(Entry entry, RSAPublicKey publicKey, PrivateKey privateKey) {}

  /** The key to sign with now. */
  Uni<SigningKey> signer() {
    return published()
        .map(
            keys -> {
              Entry entry = schedule.signer(entries(keys), clock.instant()).orElseThrow();
              return keys.stream().filter(k -> k.entry().equals(entry)).findFirst().orElseThrow();
            });
  }

  /** Every key whose tokens may still be valid, and the next one. */
  Uni<List<SigningKey>> published() {
    List<SigningKey> keys = known;
    return keys.isEmpty() ? rotate().map(done -> known) : Uni.createFrom().item(keys);
  }

  /** Makes the next key when it is due and forgets those that are over. */
  @Scheduled(every = "1m", delayed = "10s")
  Uni<Void> rotate() {
    return transactions
        .asSystem(this::read)
        .chain(
            keys ->
                schedule.due(entries(keys), clock.instant()).isPresent()
                    ? newPair().chain(pair -> transactions.asSystem(s -> renew(s, pair)))
                    : Uni.createFrom().item(keys))
        .chain(keys -> transactions.asSystem(s -> forget(s, keys)).replaceWith(keys))
        .invoke(keys -> known = keys)
        .replaceWithVoid();
  }

  /** Costs some 100 ms of a core: not on an event loop. */
  private static Uni<KeyPair> newPair() {
    return Uni.createFrom()
        .item(
            () -> {
              try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(BITS);
                return generator.generateKeyPair();
              } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
              }
            })
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  /** Looks again under a lock: another replica may have made the key just now. */
  private Uni<List<SigningKey>> renew(Mutiny.Session s, KeyPair pair) {
    return Sql.rows(s, LOCK)
        .chain(() -> read(s))
        .chain(
            keys ->
                schedule
                    .due(entries(keys), clock.instant())
                    .map(from -> insert(s, pair, from).chain(() -> read(s)))
                    .orElse(Uni.createFrom().item(keys)));
  }

  private Uni<Void> insert(Mutiny.Session s, KeyPair pair, Instant signsFrom) {
    return Sql.update(
            s,
            """
            insert into token_signing_key (kid, public_key, private_key, signs_from)
            values (?1, ?2, ?3, ?4)""",
            Ids.next().toString(),
            pair.getPublic().getEncoded(),
            sealing.seal(pair.getPrivate().getEncoded()),
            signsFrom.atOffset(ZoneOffset.UTC))
        .replaceWithVoid();
  }

  private Uni<Void> forget(Mutiny.Session s, List<SigningKey> keys) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Entry over : schedule.over(entries(keys), clock.instant())) {
      done =
          done.chain(
              () ->
                  Sql.update(s, "delete from token_signing_key where kid = ?1", over.kid())
                      .replaceWithVoid());
    }
    return done;
  }

  private Uni<List<SigningKey>> read(Mutiny.Session s) {
    return Sql.rows(
            s,
            """
            select kid, signs_from, public_key, private_key from token_signing_key
            order by signs_from""")
        .map(rows -> rows.stream().map(this::key).toList());
  }

  private SigningKey key(Object[] row) {
    try {
      KeyFactory rsa = KeyFactory.getInstance("RSA");
      return new SigningKey(
          new Entry((String) row[0], instant(row[1])),
          (RSAPublicKey) rsa.generatePublic(new X509EncodedKeySpec((byte[]) row[2])),
          rsa.generatePrivate(new PKCS8EncodedKeySpec(sealing.open((byte[]) row[3]))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Instant instant(Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }

  private static List<Entry> entries(List<SigningKey> keys) {
    return keys.stream().map(SigningKey::entry).toList();
  }
}
