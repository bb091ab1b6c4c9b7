package dev.gpucloud.gateway.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of browsers as this replica knows them: the access token that each has now, and
 * which have ended. All else is in the cookie, so that every replica takes every session, also
 * after a restart. Requests of one session wait for one refresh.
 */
@Singleton
public class Sessions {
  /** Not used any more so shortly before its end. */
  private static final Duration BEFORE_EXPIRY = Duration.ofSeconds(10);

  /** When nobody answers, until the identity provider is asked again. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final IdentityProvider provider;
  private final SessionConfig config;
  private final MeterRegistry meters;
  private final Cache<String, Uni<Held>> held;

  /** By id, the time up to which its refresh tokens are worth nothing. */
  private final Cache<String, Instant> ended;

  private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();

  Sessions(IdentityProvider provider, SessionConfig config, MeterRegistry meters) {
    this.provider = provider;
    this.config = config;
    this.meters = meters;
    this.held =
        Caffeine.newBuilder()
            .maximumSize(config.remembered())
            .expireAfterAccess(config.idleTimeout())
            .build();
    this.ended =
        Caffeine.newBuilder()
            .maximumSize(config.remembered())
            .expireAfterWrite(config.longestLife())
            .build();
  }

  /** What a replica has of a session: its state, and a token until it must ask for the next. */
  private record Held(Session session, String token, Instant expiresAt, Instant askAgainAt) {
    Held stale() {
      return new Held(session, token, expiresAt, Instant.MIN);
    }
  }

  /**
   * A session that may go on.
   *
   * @param session as the browser should keep it
   * @param isNews whether that differs from what it sent
   * @param token to send on
   */
  public record Admitted(Session session, boolean isNews, String token) {}

  /** Opens the session of a login. */
  Session open(IdentityProvider.LoggedIn who) {
    Instant now = now();
    var session =
        new Session(
            Secrets.next().substring(0, 22),
            who.subject(),
            who.username(),
            who.name(),
            Secrets.next(),
            who.grant().refreshToken(),
            now,
            now,
            now);
    held.put(session.id(), Uni.createFrom().item(held(session, who.grant())));
    return session;
  }

  /** Fails with a problem when the session has ended, or cannot be asked about. */
  public Uni<Admitted> admit(Session sent) {
    Instant now = now();
    if (!now.isBefore(endOf(sent))) {
      return Uni.createFrom().failure(SessionEnded.SESSION_EXPIRED.problem());
    }
    if (isEnded(sent)) {
      return Uni.createFrom().failure(SessionEnded.SESSION_ENDED.problem());
    }
    return current(sent).map(of -> admitted(of, sent));
  }

  private Admitted admitted(Held of, Session sent) {
    if (isEnded(of.session())) { // meanwhile
      throw SessionEnded.SESSION_ENDED.problem();
    }
    Session latest = of.session().later(sent);
    boolean isNews = latest.isNewsTo(sent, now());
    return new Admitted(isNews ? latest.used(now()) : sent, isNews, of.token());
  }

  /** When a session ends that is not used from now on. */
  public Instant endOf(Session session) {
    Instant idle = session.usedAt().plus(config.idleTimeout());
    Instant longest = longestEnd(session);
    return idle.isBefore(longest) ? idle : longest;
  }

  /** When a session ends however much it is used. */
  public Instant longestEnd(Session session) {
    return session.openedAt().plus(config.longestLife());
  }

  /** A service has refused its token: the next request asks for another. */
  public void forget(Session session) {
    held.asMap()
        .computeIfPresent(
            session.id(), (id, known) -> known.map(Held::stale).memoize().indefinitely());
  }

  /** Ends a session here at once, and at the identity provider, which fails when nobody answers. */
  public Uni<Void> end(Session session) {
    @Nullable Uni<Held> known = held.getIfPresent(session.id());
    endHere(session, Instant.MAX);
    Uni<Session> latest =
        known == null
            ? Uni.createFrom().item(session)
            : known.map(of -> of.session().later(session)).onFailure().recoverWithItem(session);
    return latest.chain(last -> provider.end(last.refreshToken()));
  }

  /** Runs the work when the session ends here; the answer stops that. */
  public Runnable whenEnded(Session session, Runnable work) {
    watchers.compute(
        session.id(),
        (id, all) -> {
          Set<Runnable> with = all == null ? ConcurrentHashMap.newKeySet() : all;
          with.add(work);
          return with;
        });
    if (isEnded(session)) {
      work.run();
    }
    return () ->
        watchers.computeIfPresent(
            session.id(),
            (id, all) -> {
              all.remove(work);
              return all.isEmpty() ? null : all;
            });
  }

  private boolean isEnded(Session session) {
    @Nullable Instant until = ended.getIfPresent(session.id());
    return until != null && !session.refreshedAt().isAfter(until);
  }

  private void endHere(Session session, Instant until) {
    ended.asMap().merge(session.id(), until, (one, other) -> one.isAfter(other) ? one : other);
    held.invalidate(session.id());
    @Nullable Set<Runnable> watching = watchers.remove(session.id());
    if (watching != null) {
      watching.forEach(Runnable::run);
    }
  }

  private Uni<Held> current(Session sent) {
    @Nullable Uni<Held> known = held.getIfPresent(sent.id());
    if (known == null) {
      return ask(sent, null, null);
    }
    return known.chain(
        of ->
            Instant.now().isBefore(of.askAgainAt())
                ? Uni.createFrom().item(of)
                : ask(sent, known, of));
  }

  /** Takes the place of what was known, unless another request was first: then it is that one's. */
  private Uni<Held> ask(Session sent, @Nullable Uni<Held> known, @Nullable Held before) {
    return held.asMap()
        .compute(
            sent.id(), (id, now) -> now == null || now == known ? refreshing(sent, before) : now);
  }

  private Uni<Held> refreshing(Session sent, @Nullable Held before) {
    Session latest = before == null ? sent : before.session().later(sent);
    return Uni.createFrom()
        .deferred(() -> provider.refresh(latest.refreshToken()))
        .map(grant -> held(latest.refreshed(grant.refreshToken(), now()), grant))
        .invoke(() -> count("refreshed"))
        .onFailure()
        .recoverWithUni(failure -> withoutRefresh(failure, latest, before))
        .onFailure()
        .invoke(() -> held.invalidate(sent.id()))
        .memoize()
        .indefinitely();
  }

  /** While nobody answers, a token that is still good goes on. */
  private Uni<Held> withoutRefresh(Throwable failure, Session session, @Nullable Held before) {
    if (failure instanceof IdentityProvider.Refused) {
      count("refused");
      endHere(session, session.refreshedAt());
      return Uni.createFrom().failure(SessionEnded.SESSION_ENDED.problem());
    }
    count("unavailable");
    Instant now = now();
    if (before != null && now.isBefore(before.expiresAt().minus(BEFORE_EXPIRY))) {
      return Uni.createFrom()
          .item(new Held(before.session(), before.token(), before.expiresAt(), now.plus(RETRY)));
    }
    return Uni.createFrom().failure(failure);
  }

  private Held held(Session session, IdentityProvider.Grant grant) {
    Instant check = now().plus(config.checkInterval());
    Instant last = grant.expiresAt().minus(BEFORE_EXPIRY);
    return new Held(
        session, grant.accessToken(), grant.expiresAt(), last.isBefore(check) ? last : check);
  }

  private void count(String outcome) {
    meters.counter("gpucloud.gateway.session.refreshes", "outcome", outcome).increment();
  }

  /** System time, as precise as a cookie keeps it. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
