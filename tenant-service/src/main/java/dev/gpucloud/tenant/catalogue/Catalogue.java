package dev.gpucloud.tenant.catalogue;

import dev.gpucloud.contracts.event.CatalogueFact;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.tx.Sql;
import dev.gpucloud.tenant.request.Refusals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.hibernate.reactive.mutiny.Mutiny;

/** Refuses names of GPU models and sites that the fleet does not have. */
@ApplicationScoped
public class Catalogue {
  private static final String KEEP =
      """
      insert into catalogue_name (kind, name)
      select ?1, name from unnest(string_to_array(?2, ' ')) as name on conflict do nothing\
      """;

  /** Fails with UNKNOWN_REFERENCE naming each unknown name and those that there are. */
  public Uni<Void> require(Mutiny.Session s, List<Named> asked) {
    return known(s)
        .invoke(
            known -> Refusals.throwIfAny(ProblemType.UNKNOWN_REFERENCE, known.violations(asked)))
        .replaceWithVoid();
  }

  private static Uni<KnownNames> known(Mutiny.Session s) {
    return Sql.rows(s, "select kind, name from catalogue_name")
        .map(
            rows -> {
              var names = new EnumMap<Named.Kind, SortedSet<String>>(Named.Kind.class);
              for (Object[] row : rows) {
                names
                    .computeIfAbsent(Named.Kind.valueOf((String) row[0]), kind -> new TreeSet<>())
                    .add((String) row[1]);
              }
              return new KnownNames(names);
            });
  }

  /** Takes over what inventory tells, in place of what it told before. */
  Uni<Void> keep(Mutiny.Session s, CatalogueFact fact) {
    return Sql.update(s, "delete from catalogue_name")
        .chain(() -> keep(s, Named.Kind.MODEL, fact.gpuModels()))
        .chain(() -> keep(s, Named.Kind.SITE, fact.sites()));
  }

  private static Uni<Void> keep(Mutiny.Session s, Named.Kind kind, List<String> names) {
    return Sql.update(s, KEEP, kind.name(), String.join(" ", names)).replaceWithVoid();
  }
}
