package dev.gpucloud.tenant.notifications;

import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.directory.People;
import dev.gpucloud.tenant.notifications.engine.Language;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * How people are reached: as the identity provider says now, or else as it said when they last
 * showed an address of theirs.
 */
@ApplicationScoped
public class Addresses {
  private static final String REMEMBER =
      """
      insert into person_address as known (subject, email, updated_at) values (?1, ?2, now())
      on conflict (subject) do update set email = excluded.email, updated_at = now()
      where known.email <> excluded.email""";

  private final Transactions transactions;
  private final People people;

  Addresses(Transactions transactions, People people) {
    this.transactions = transactions;
    this.people = people;
  }

  /** Where to write, and the language that the person chose. */
  public record Reached(String email, Optional<Language> language) {}

  /** Keeps an address that the identity provider has verified to be the person's. */
  public Uni<Void> remember(Mutiny.Session session, String subject, Optional<String> email) {
    return email.isEmpty()
        ? Uni.createFrom().voidItem()
        : Sql.update(session, REMEMBER, subject, email.get()).replaceWithVoid();
  }

  /** Empty when no address is known; fails while the identity provider cannot be reached. */
  public Uni<Optional<Reached>> of(String subject) {
    return people
        .find(subject)
        .chain(
            person ->
                person.isPresent()
                    ? Uni.createFrom().item(person.map(Addresses::reached))
                    : remembered(subject));
  }

  private static Reached reached(People.Person person) {
    return new Reached(person.email(), person.locale().flatMap(Language::ofLocale));
  }

  private Uni<Optional<Reached>> remembered(String subject) {
    return transactions
        .readAsSystem(
            session ->
                Sql.rows(session, "select email from person_address where subject = ?1", subject))
        .map(Addresses::first);
  }

  private static Optional<Reached> first(List<Object[]> rows) {
    return rows.stream().map(row -> new Reached((String) row[0], Optional.empty())).findFirst();
  }
}
