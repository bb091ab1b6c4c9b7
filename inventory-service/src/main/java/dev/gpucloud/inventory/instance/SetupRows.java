package dev.gpucloud.inventory.instance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.RunSetup;
import dev.gpucloud.contracts.event.RunSetup.AttachedVolume;
import dev.gpucloud.contracts.event.RunSetup.IngressRule;
import dev.gpucloud.contracts.id.Ids;
import dev.gpucloud.inventory.instance.InstanceSetup.NewVolume;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Keeps what instances are given, and reads it for the orders that make them run. */
@ApplicationScoped
public class SetupRows {
  private static final String READ =
      """
      select i.id, s.ssh_keys, s.user_data, s.ingress,
        host(a.address) || '/' || masklen(a.network) as address, p.partition_key,
        (select cast(json_agg(json_build_object('volumeId', 'vol_' || v.id, 'name', v.name,
             'sizeGib', v.size_gib, 'boot', v.boot) order by v.boot desc, v.id) as text)
         from volume v where v.instance_id = i.id) as volumes
      from instance i
      left join instance_setup s on s.instance_id = i.id
      left join private_address a on a.instance_id = i.id and a.site_id = i.site_id
      left join ib_partition p on p.tenant_id = i.tenant_id and p.site_id = i.site_id
      """;

  private static final String PART =
      """
      update volume set
        state = case when delete_on_termination then 'DELETING' else 'AVAILABLE' end,
        instance_id = null, boot = boot and delete_on_termination, updated_at = %s,
        order_sequence = order_sequence + cast(delete_on_termination as int),
        order_due_at = case when delete_on_termination then to_timestamp(0) end,
        version = version + 1
      where instance_id %s""";
  private static final BulkInsert<Made> MAKE =
      BulkInsert.<Made>into("volume")
          .uuid("id", v -> Ids.next())
          .uuid("tenant_id", v -> v.of().tenantId)
          .uuid("project_id", v -> v.of().projectId)
          .text("site_id", Made::site)
          .text("name", v -> v.volume().name())
          .integer("size_gib", v -> v.volume().sizeGib())
          .text("state", v -> "IN_USE")
          .uuid("instance_id", v -> v.of().id)
          .flag("boot", v -> v.volume().boot())
          .flag("delete_on_termination", v -> v.volume().deleteOnTermination())
          .text("created_by", v -> v.of().createdBy)
          .time("created_at", v -> v.of().createdAt)
          .time("updated_at", v -> v.of().createdAt);

  private final ObjectMapper json;

  SetupRows(ObjectMapper json) {
    this.json = json;
  }

  private record Made(InstanceEntity of, String site, NewVolume volume) {}

  /** Stores what new instances of a batch are given, and gives them what their site provides. */
  public Uni<Void> prepare(SqlConnection c, String site, List<InstanceEntity> placed) {
    if (placed.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<InstanceEntity> given = placed.stream().filter(i -> !i.setup().isEmpty()).toList();
    Map<UUID, InstanceEntity> byId =
        placed.stream().collect(Collectors.toMap(i -> i.id, i -> i, (one, other) -> one));
    List<Made> volumes =
        given.stream()
            .flatMap(i -> i.setup().volumes().stream().map(v -> new Made(i, site, v)))
            .toList();
    return inserts()
        .execute(c, given)
        .chain(() -> MAKE.execute(c, volumes))
        .chain(
            () ->
                c.preparedQuery("select prepare_runs($1, $2) as id")
                    .execute(
                        Tuple.tuple()
                            .addString(site)
                            .addArrayOfUUID(byId.keySet().toArray(UUID[]::new))))
        .invoke(rows -> rows.forEach(row -> byId.get(row.getUUID("id")).equip()))
        .replaceWithVoid();
  }

  private BulkInsert<InstanceEntity> inserts() {
    return BulkInsert.<InstanceEntity>into("instance_setup")
        .uuid("tenant_id", i -> i.tenantId)
        .uuid("instance_id", i -> i.id)
        .text("ssh_keys", i -> write(i.setup().sshKeys()))
        .text("user_data", i -> i.setup().userData())
        .text("ingress", i -> write(i.setup().ingress()));
  }

  /** Fills in the orders of many changes. */
  Uni<Void> equip(SqlConnection c, Collection<Change> changes) {
    List<Change> wanting = changes.stream().filter(Change::wantsSetup).toList();
    if (wanting.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = wanting.stream().map(change -> change.instance().id).toArray(UUID[]::new);
    return c.preparedQuery(READ + "where i.id = any($1)")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .invoke(
            rows -> {
              Map<UUID, RunSetup> setups = new HashMap<>();
              rows.forEach(row -> setups.put(row.getUUID("id"), setup(row)));
              wanting.forEach(change -> change.give(setups.get(change.instance().id)));
            })
        .replaceWithVoid();
  }

  private RunSetup setup(Row row) {
    return setup(
        row.getString("ssh_keys"),
        row.getString("user_data"),
        row.getString("ingress"),
        row.getString("address"),
        row.getInteger("partition_key"),
        row.getString("volumes"));
  }

  /** Fills in the orders of one change. */
  Uni<Void> equip(Mutiny.Session s, Change change) {
    if (!change.wantsSetup()) {
      return Uni.createFrom().voidItem();
    }
    return load(s, change.instance()).invoke(change::give).replaceWithVoid();
  }

  /** What an instance is given now; empty parts are null. */
  public Uni<RunSetup> load(Mutiny.Session s, InstanceEntity instance) {
    return Sql.rows(s, READ + "where i.id = ?1", instance.id)
        .map(List::getFirst)
        .map(
            row ->
                setup(
                    (String) row[1],
                    (String) row[2],
                    (String) row[3],
                    (String) row[4],
                    row[5] == null ? null : ((Number) row[5]).intValue(),
                    (String) row[6]));
  }

  private RunSetup setup(
      @Nullable String keys,
      @Nullable String userData,
      @Nullable String ingress,
      @Nullable String address,
      @Nullable Integer partition,
      @Nullable String volumes) {
    return new RunSetup(
        keys == null ? null : read(keys, new TypeReference<List<String>>() {}),
        userData,
        volumes == null ? null : read(volumes, new TypeReference<List<AttachedVolume>>() {}),
        address,
        ingress == null ? null : read(ingress, new TypeReference<List<IngressRule>>() {}),
        partition);
  }

  /** Replaces who may connect. */
  public Uni<Void> allow(Mutiny.Session s, InstanceEntity instance, List<IngressRule> rules) {
    instance.equip();
    return Sql.update(
            s,
            """
            insert into instance_setup (tenant_id, instance_id, ingress) values (?1, ?2, ?3)
            on conflict (instance_id) do update set ingress = excluded.ingress""",
            instance.tenantId,
            instance.id,
            write(rules))
        .replaceWithVoid();
  }

  /** Gives back what an instance that is gone was given: addresses, and volumes as they say. */
  static Uni<Void> giveBack(Mutiny.Session s, InstanceEntity gone) {
    return giveBackAddresses(s, gone.id)
        .chain(
            () ->
                Sql.update(
                    s,
                    PART.formatted("?2", "= ?1"),
                    gone.id,
                    gone.updatedAt.atOffset(ZoneOffset.UTC)))
        .replaceWithVoid();
  }

  /** Whether any volume is attached to it. */
  public static Uni<Boolean> hasVolumes(Mutiny.Session s, InstanceEntity instance) {
    return Sql.rows(s, "select 1 from volume where instance_id = ?1 limit 1", instance.id)
        .map(rows -> !rows.isEmpty());
  }

  /** Its volumes go with it to another project. */
  public static Uni<Void> takeAlong(Mutiny.Session s, InstanceEntity moved, UUID project) {
    return Sql.update(
            s, "update volume set project_id = ?2 where instance_id = ?1", moved.id, project)
        .replaceWithVoid();
  }

  /** Its orders carry a setup from now on, and it stays at its site. */
  public static void equip(InstanceEntity instance) {
    instance.equip();
    instance.stayAtSite();
  }

  /** Gives back the addresses of an instance that is gone or leaves its project's network. */
  public static Uni<Void> giveBackAddresses(Mutiny.Session s, UUID instance) {
    return Sql.update(s, "delete from private_address where instance_id = ?1", instance)
        .replaceWithVoid();
  }

  static Uni<Void> giveBack(SqlConnection c, List<UUID> instances, Instant at) {
    if (instances.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    UUID[] ids = instances.toArray(UUID[]::new);
    return c.preparedQuery("delete from private_address where instance_id = any($1)")
        .execute(Tuple.tuple().addArrayOfUUID(ids))
        .chain(
            () ->
                c.preparedQuery(PART.formatted("$2", "= any($1)"))
                    .execute(
                        Tuple.tuple()
                            .addArrayOfUUID(ids)
                            .addOffsetDateTime(at.atOffset(ZoneOffset.UTC))))
        .replaceWithVoid();
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> T read(String text, TypeReference<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored setup is not readable", e);
    }
  }
}
