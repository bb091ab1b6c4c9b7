package dev.gpucloud.inventory.catalogue;

import dev.gpucloud.inventory.delivery.DeliveryEntity;
import dev.gpucloud.inventory.instance.OfferedShape;
import dev.gpucloud.inventory.placement.engine.ExpectedDelivery;
import dev.gpucloud.inventory.placement.engine.GpuGeometry;
import dev.gpucloud.inventory.placement.engine.OfferedType;
import dev.gpucloud.inventory.placement.engine.SiteFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is offered and where, as one consistent picture; never changed, only replaced. */
public record Catalogue(
    SortedMap<String, GpuGeometry> models,
    SortedMap<String, OfferedShape> types,
    SortedMap<String, SiteFacts> sites,
    List<ExpectedDelivery> expected) {
  static final Catalogue EMPTY =
      new Catalogue(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), List.of());

  static Catalogue of(
      List<GpuModelEntity> models,
      List<InstanceTypeEntity> types,
      List<SiteEntity> sites,
      List<DeliveryEntity> deliveries) {
    SortedMap<String, GpuGeometry> geometries = sorted(models, m -> m.id, GpuModelEntity::geometry);
    SortedMap<String, SiteFacts> facts = sorted(sites, s -> s.id, SiteEntity::facts);
    SortedMap<String, Integer> domainGpus = sorted(models, m -> m.id, m -> m.nvlinkDomainGpus);
    return new Catalogue(
        geometries,
        sorted(types, t -> t.id, t -> t.shape(geometries.get(t.modelId))),
        facts,
        deliveries.stream()
            .filter(DeliveryEntity::isExpected)
            .map(d -> expected(d, facts, domainGpus))
            .toList());
  }

  private static ExpectedDelivery expected(
      DeliveryEntity d, Map<String, SiteFacts> facts, Map<String, Integer> domainGpus) {
    return d.expected(facts.get(d.siteId()), domainGpus.getOrDefault(d.modelId(), 1));
  }

  private static <E, V> SortedMap<String, V> sorted(
      List<E> entities, Function<E, String> id, Function<E, V> value) {
    return entities.stream()
        .collect(Collectors.toMap(id, value, (a, b) -> a, TreeMap<String, V>::new));
  }

  public Optional<OfferedShape> type(String id) {
    return Optional.ofNullable(types.get(id));
  }

  public Optional<SiteFacts> site(String id) {
    return Optional.ofNullable(sites.get(id));
  }

  /** The types as alternatives to offer. */
  public List<OfferedType> offers() {
    return types.values().stream()
        .map(type -> new OfferedType(type.id(), type.model(), type.shape()))
        .toList();
  }
}
