package dev.gpucloud.tenant.directory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Asks the identity provider who a person is, and how to reach them. */
@ApplicationScoped
public class People {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int MOST_ASKED = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final KeycloakAdmin keycloak;
  private final DirectoryConfig config;

  People(KeycloakAdmin keycloak, DirectoryConfig config) {
    this.keycloak = keycloak;
    this.config = config;
  }

  /** A verified address, and the locale that the person chose. */
  public record Person(String email, Optional<String> locale) {}

  /**
   * The person of a subject; empty when there is no identity provider to ask, when it does not know
   * the person, or no verified address of theirs. Fails while it cannot be reached.
   */
  public Uni<Optional<Person>> find(String subject) {
    if (config.adminUrl().isEmpty()) {
      return Uni.createFrom().item(Optional.empty());
    }
    return keycloak
        .get("/users/" + KeycloakAdmin.escape(subject))
        .map(answer -> answer.status() == OK ? person(answer.object()) : Optional.<Person>empty());
  }

  /**
   * Those of the subjects whom the identity provider does not know. Somebody waits for the answer:
   * who is not asked for, as it does not answer soon or they are too many, is none of them.
   */
  public Uni<Set<String>> strangers(Collection<String> subjects) {
    Set<String> found = ConcurrentHashMap.newKeySet();
    if (config.adminUrl().isEmpty()) {
      return Uni.createFrom().item(found);
    }
    return Multi.createFrom()
        .iterable(subjects)
        .select()
        .first(MOST_ASKED)
        .onItem()
        .transformToUni(subject -> ask(subject, found))
        .merge(config.concurrency())
        .collect()
        .last()
        .onFailure(KeycloakAdmin.Unreachable.class)
        .recoverWithNull()
        .replaceWith(found);
  }

  private Uni<Integer> ask(String subject, Set<String> strangers) {
    return keycloak
        .getWithin(PATIENCE, "/users/" + KeycloakAdmin.escape(subject))
        .map(KeycloakAdmin.Answer::status)
        .invoke(
            status -> {
              if (status == NOT_FOUND) {
                strangers.add(subject);
              }
            });
  }

  /** Nobody is written to at an address that is not known to be theirs. */
  static Optional<Person> person(JsonObject user) {
    String email = user.getString("email");
    boolean reachable =
        email != null
            && Boolean.TRUE.equals(user.getBoolean("emailVerified"))
            && Boolean.TRUE.equals(user.getBoolean("enabled"));
    JsonArray locales =
        user.getJsonObject("attributes", new JsonObject()).getJsonArray("locale", new JsonArray());
    return reachable
        ? Optional.of(
            new Person(
                email,
                locales.isEmpty() ? Optional.empty() : Optional.ofNullable(locales.getString(0))))
        : Optional.empty();
  }
}
