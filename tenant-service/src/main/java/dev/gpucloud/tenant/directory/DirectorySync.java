package dev.gpucloud.tenant.directory;

import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.directory.KeycloakAdmin.Answer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes one organisation, or one membership, in Keycloak what it is here. Every step may run twice:
 * it looks first, or takes "is so already" for an answer.
 */
@ApplicationScoped
class DirectorySync {
  private static final String ORGANISATIONS = "/organizations";
  private static final int PAGE = 100;

  private final Transactions transactions;
  private final KeycloakAdmin keycloak;

  DirectorySync(Transactions transactions, KeycloakAdmin keycloak) {
    this.transactions = transactions;
    this.keycloak = keycloak;
  }

  /** What became of an entry. */
  sealed interface Outcome {}

  /** It is there as wanted; the id is that of an organisation. */
  record Synced(@Nullable String externalId) implements Outcome {}

  /** It cannot be done now, and why. */
  record Refused(String problem) implements Outcome {}

  private record Wanted(String slug, String name, boolean enabled) {
    static Wanted of(Object[] row) {
      return new Wanted((String) row[0], (String) row[1], !"CLOSED".equals(row[2]));
    }

    /**
     * Names must be unique there, and ours are not: the slug is the name, our name describes it.
     */
    JsonObject json() {
      return new JsonObject()
          .put("name", slug)
          .put("alias", slug)
          .put("description", name)
          .put("enabled", enabled);
    }

    boolean is(JsonObject there) {
      JsonObject wanted = json();
      return wanted.fieldNames().stream()
          .allMatch(field -> wanted.getValue(field).equals(there.getValue(field)));
    }
  }

  Uni<Outcome> sync(DirectoryEntry entry) {
    return entry.isOrganisation() ? organisation(entry) : member(entry);
  }

  // ---- organisations

  private Uni<Outcome> organisation(DirectoryEntry entry) {
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s, "select slug, name, state from tenant where tenant_id = ?1", entry.tenant()))
        .map(rows -> Wanted.of(rows.getFirst()))
        .chain(wanted -> found(entry, wanted).chain(there -> settle(there, wanted)))
        .call(outcome -> removeStrangers(entry, outcome));
  }

  private Uni<@Nullable JsonObject> found(DirectoryEntry entry, Wanted wanted) {
    if (entry.externalId() == null) {
      return byAlias(wanted.slug());
    }
    return keycloak
        .get(ORGANISATIONS + "/" + entry.externalId())
        .chain(
            answer ->
                answer.status() == 200
                    ? Uni.createFrom().item(answer.object())
                    : byAlias(wanted.slug()));
  }

  private Uni<@Nullable JsonObject> byAlias(String slug) {
    return keycloak
        .get(ORGANISATIONS + "?briefRepresentation=false&max=100&search=" + slug)
        .map(
            answer ->
                answer.array().stream()
                    .map(JsonObject.class::cast)
                    .filter(there -> slug.equals(there.getString("alias")))
                    .findFirst()
                    .orElse(null));
  }

  private Uni<Outcome> settle(@Nullable JsonObject there, Wanted wanted) {
    if (there == null) {
      return keycloak
          .post(ORGANISATIONS, wanted.json().encode())
          .map(answer -> answer.status() == 201 ? new Synced(answer.createdId()) : refused(answer));
    }
    String id = there.getString("id");
    if (wanted.is(there)) {
      return Uni.createFrom().item(new Synced(id));
    }
    return keycloak
        .put(ORGANISATIONS + "/" + id, there.mergeIn(wanted.json()).encode())
        .map(answer -> answer.status() == 204 ? new Synced(id) : refused(answer));
  }

  private static Outcome refused(Answer answer) {
    return new Refused("Keycloak answered " + answer.status() + ": " + answer.body());
  }

  // ---- drift: members there that are none here

  private Uni<Void> removeStrangers(DirectoryEntry entry, Outcome outcome) {
    if (!(outcome instanceof Synced synced) || synced.externalId() == null) {
      return Uni.createFrom().voidItem();
    }
    String members = ORGANISATIONS + "/" + synced.externalId() + "/members";
    return membersThere(members, 0, new ArrayList<>())
        .chain(
            there ->
                membersHere(entry)
                    .chain(
                        here -> {
                          Uni<Void> done = Uni.createFrom().voidItem();
                          for (String stranger : there) {
                            if (!here.contains(stranger)) {
                              done =
                                  done.chain(() -> keycloak.delete(members + "/" + stranger))
                                      .replaceWithVoid();
                            }
                          }
                          return done;
                        }));
  }

  private Uni<List<String>> membersThere(String members, int first, List<String> found) {
    return keycloak
        .get(members + "?first=" + first + "&max=" + PAGE)
        .chain(
            answer -> {
              JsonArray page = answer.status() == 200 ? answer.array() : new JsonArray();
              page.stream().map(JsonObject.class::cast).forEach(m -> found.add(m.getString("id")));
              return page.size() < PAGE
                  ? Uni.createFrom().item(found)
                  : membersThere(members, first + PAGE, found);
            });
  }

  private Uni<Set<String>> membersHere(DirectoryEntry entry) {
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s,
                    "select subject from member where tenant_id = ?1 and active",
                    entry.tenant()))
        .map(rows -> rows.stream().map(row -> (String) row[0]).collect(Collectors.toSet()));
  }

  // ---- members

  private Uni<Outcome> member(DirectoryEntry entry) {
    return transactions
        .asSystem(
            s ->
                Sql.rows(
                    s,
                    """
                    select m.active, o.external_id from member m
                    join directory_entry o on o.tenant_id = m.tenant_id and o.subject = ''
                    where m.tenant_id = ?1 and m.subject = ?2""",
                    entry.tenant(),
                    entry.subject()))
        .chain(
            rows -> {
              String organisation = rows.isEmpty() ? null : (String) rows.getFirst()[1];
              if (organisation == null) {
                return Uni.createFrom().item(new Refused("waits for its organisation"));
              }
              String members = ORGANISATIONS + "/" + organisation + "/members";
              return Boolean.TRUE.equals(rows.getFirst()[0])
                  ? join(members, entry.subject())
                  : leave(members, entry.subject());
            });
  }

  private Uni<Outcome> join(String members, String subject) {
    return keycloak
        .get("/users/" + KeycloakAdmin.escape(subject))
        .chain(
            user ->
                user.status() != 200
                    ? Uni.createFrom()
                        .item(
                            new Refused(
                                "Keycloak has no user with this id; remove the member and invite the"
                                    + " person by e-mail"))
                    : keycloak
                        .post(members, subject)
                        .map(
                            answer ->
                                answer.status() == 201 || answer.status() == 409
                                    ? new Synced(null)
                                    : refused(answer)));
  }

  private Uni<Outcome> leave(String members, String subject) {
    return keycloak
        .delete(members + "/" + KeycloakAdmin.escape(subject))
        .map(
            answer ->
                answer.status() < 300 || answer.status() == 404 || answer.status() == 400
                    ? new Synced(null)
                    : refused(answer));
  }
}
