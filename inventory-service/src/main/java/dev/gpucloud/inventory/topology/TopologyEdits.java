package dev.gpucloud.inventory.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.topology.TopologyPatch.HallPatch;
import dev.gpucloud.inventory.topology.TopologyPatch.LabelsPatch;
import dev.gpucloud.inventory.topology.TopologyPatch.SitePatch;
import dev.gpucloud.inventory.topology.TopologyViews.ChangeView;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Changes what stands where: each change checks the version seen and is kept with its reason. */
@ApplicationScoped
public class TopologyEdits {
  private final ObjectMapper json;
  private final InstantSource business;

  private final Audit audit;

  TopologyEdits(ObjectMapper json, @Business InstantSource business, Audit audit) {
    this.audit = audit;
    this.json = json;
    this.business = business;
  }

  /** Which thing is changed, by whom, seen at which version. */
  public record Edit(
      String kind, String id, @Nullable String ifMatch, String actor, String reason) {}

  Uni<Void> site(Mutiny.Session s, Edit edit, SitePatch patch) {
    return lock(s, edit, "select version, booked_kw from site where id = ?1 for no key update")
        .invoke(row -> enough("/itPowerKw", patch.itPowerKw(), row))
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    update site set labels = coalesce(cast(?2 as text), labels),
                      it_power_kw = coalesce(cast(cast(?3 as text) as numeric), it_power_kw),
                      csap_zone = coalesce(cast(?4 as text), csap_zone), version = version + 1
                    where id = ?1""",
                    edit.id(),
                    Labels.write(patch.labels()),
                    text(patch.itPowerKw()),
                    patch.csapZone()))
        .chain(() -> remember(s, edit, patch.changes()));
  }

  Uni<Void> hall(Mutiny.Session s, Edit edit, HallPatch patch) {
    return lock(s, edit, "select version, booked_kw from hall where id = ?1 for no key update")
        .invoke(row -> enough("/powerKw", patch.powerKw(), row))
        .invoke(row -> enough("/coolingKw", patch.coolingKw(), row))
        .chain(
            () ->
                Sql.update(
                    s,
                    """
                    update hall set labels = coalesce(cast(?2 as text), labels),
                      power_kw = coalesce(cast(cast(?3 as text) as numeric), power_kw),
                      cooling_kw = coalesce(cast(cast(?4 as text) as numeric), cooling_kw),
                      version = version + 1
                    where id = ?1""",
                    edit.id(),
                    Labels.write(patch.labels()),
                    text(patch.powerKw()),
                    text(patch.coolingKw())))
        .chain(() -> remember(s, edit, patch.changes()));
  }

  Uni<Void> rack(Mutiny.Session s, Edit edit, LabelsPatch patch) {
    return labels(
        s,
        edit,
        patch,
        "select version, id from rack where id = ?1 for no key update",
        "update rack set labels = coalesce(cast(?2 as text), labels), version = version + 1"
            + " where id = ?1");
  }

  /** A host goes by its name here. */
  public Uni<Void> host(Mutiny.Session s, Edit edit, LabelsPatch patch) {
    return labels(
        s,
        edit,
        patch,
        "select version, id from host where name = ?1 for no key update",
        "update host set labels = coalesce(cast(?2 as text), labels), version = version + 1"
            + " where name = ?1");
  }

  private Uni<Void> labels(
      Mutiny.Session s, Edit edit, LabelsPatch patch, String lock, String update) {
    return lock(s, edit, lock)
        .chain(() -> Sql.update(s, update, edit.id(), Labels.write(patch.labels())))
        .chain(() -> remember(s, edit, patch.changes()));
  }

  private static Uni<Object[]> lock(Mutiny.Session s, Edit edit, String sql) {
    return Sql.rows(s, sql, edit.id())
        .map(
            rows -> {
              if (rows.isEmpty()) {
                throw ProblemType.NOT_FOUND.because(
                    "There is no %s '%s'.".formatted(edit.kind(), edit.id()));
              }
              ETags.require(edit.ifMatch(), ((Number) rows.getFirst()[0]).longValue());
              return rows.getFirst();
            });
  }

  private static void enough(String pointer, @Nullable BigDecimal wanted, Object[] row) {
    BigDecimal booked = (BigDecimal) row[1];
    if (wanted != null && wanted.compareTo(booked) < 0) {
      throw ProblemType.STATE_CONFLICT
          .because("%s kW are booked by hosts in service.".formatted(booked.toPlainString()))
          .with("bookedKw", booked)
          .at(pointer, "must be at least " + booked.toPlainString());
    }
  }

  private static @Nullable String text(@Nullable BigDecimal number) {
    return number == null ? null : number.toPlainString();
  }

  private Uni<Void> remember(Mutiny.Session s, Edit edit, Map<String, Object> changes) {
    if (changes.isEmpty()) {
      throw ProblemType.VALIDATION_FAILED
          .because("Nothing is changed.")
          .at("", "must name what to change");
    }
    return Sql.update(
            s,
            """
            insert into topology_history (kind, id, version, changes, reason, actor, at)
            select cast(?1 as text), cast(?2 as text), coalesce(max(version), 0) + 1,
              cast(?3 as text), cast(?4 as text), cast(?5 as text), cast(?6 as timestamptz)
            from topology_history where kind = ?1 and id = ?2""",
            edit.kind(),
            edit.id(),
            write(changes),
            edit.reason(),
            edit.actor(),
            business.instant().atOffset(ZoneOffset.UTC))
        .chain(
            () ->
                audit.changed(
                    s, AuditChange.of("topology.change", edit.kind(), edit.id()).to(changes)));
  }

  private String write(Map<String, Object> changes) {
    try {
      return json.writeValueAsString(changes);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The changes of a thing, first to last. */
  Uni<Page<ChangeView>> history(Mutiny.Session s, String kind, String id, PageRequest page) {
    return Sql.rows(
            s,
            """
            select version, changes, reason, actor, at from topology_history
            where kind = ?1 and id = ?2 and version > ?3 order by version limit ?4""",
            kind,
            id,
            after(page),
            page.limit())
        .map(
            rows ->
                page.page(
                    rows, TopologyEdits::view, row -> Map.of("after", String.valueOf(row[0]))));
  }

  private static long after(PageRequest page) {
    try {
      return Long.parseLong(page.after().getOrDefault("after", "0"));
    } catch (NumberFormatException e) {
      throw ProblemType.INVALID_PAGE_TOKEN.because("The page token is of another list.");
    }
  }

  private static ChangeView view(Object[] r) {
    Instant at = r[4] instanceof OffsetDateTime time ? time.toInstant() : (Instant) r[4];
    return new ChangeView(
        ((Number) r[0]).longValue(), (String) r[1], (String) r[2], (String) r[3], at);
  }
}
