package dev.gpucloud.inventory.setup;

import dev.gpucloud.contracts.event.ConsoleTail;
import dev.gpucloud.contracts.id.RunId;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** The last that each instance said on its console; the present run's alone. */
@ApplicationScoped
public class Consoles {

  /** Keeps a tail if it is of the instance's present run on its host; a later one replaces it. */
  public Uni<Boolean> keep(Mutiny.Session s, ConsoleTail tail) {
    String text = tail.text().replace("\0", "");
    boolean tooLong = text.length() > ConsoleTail.LONGEST;
    return Sql.update(
            s,
            """
            insert into console_tail (tenant_id, instance_id, run_id, at, cut, text)
            select tenant_id, id, run_id, ?5, ?6, ?7 from instance
            where id = ?1 and run_id = ?2 and host_id = ?3 and site_id = ?4
            on conflict (instance_id) do update set run_id = excluded.run_id, at = excluded.at,
              cut = excluded.cut, text = excluded.text
            where console_tail.run_id <> excluded.run_id or console_tail.at <= excluded.at""",
            tail.instanceId().value(),
            tail.runId().value(),
            tail.hostId().value(),
            tail.site(),
            tail.at().atOffset(ZoneOffset.UTC),
            tail.cut() || tooLong,
            tooLong ? text.substring(text.length() - ConsoleTail.LONGEST) : text)
        .map(n -> n > 0);
  }

  /** What an instance's console ends with; {@code cut} says that there was more before. */
  public record ConsoleLogView(RunId runId, Instant at, boolean cut, String text) {}

  /** The last that the instance said, if it said anything. */
  public Uni<Optional<ConsoleLogView>> find(Mutiny.Session s, UUID instance) {
    return Sql.rows(
            s, "select run_id, at, cut, text from console_tail where instance_id = ?1", instance)
        .map(rows -> rows.stream().findFirst().map(Consoles::view));
  }

  private static ConsoleLogView view(Object[] row) {
    Instant at = row[1] instanceof OffsetDateTime time ? time.toInstant() : (Instant) row[1];
    return new ConsoleLogView(new RunId((UUID) row[0]), at, (Boolean) row[2], (String) row[3]);
  }
}
