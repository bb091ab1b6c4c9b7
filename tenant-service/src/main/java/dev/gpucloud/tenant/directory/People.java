package dev.gpucloud.tenant.directory;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Asks the identity provider how to reach a person. */
@ApplicationScoped
public class People {
  private static final int OK = 200;

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
