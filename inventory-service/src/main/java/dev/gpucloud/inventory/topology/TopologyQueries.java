package dev.gpucloud.inventory.topology;

import dev.gpucloud.inventory.topology.TopologyViews.FabricView;
import dev.gpucloud.inventory.topology.TopologyViews.HallView;
import dev.gpucloud.inventory.topology.TopologyViews.NvlinkDomainView;
import dev.gpucloud.inventory.topology.TopologyViews.RackView;
import dev.gpucloud.inventory.topology.TopologyViews.RegionView;
import dev.gpucloud.inventory.topology.TopologyViews.SiteView;
import java.math.BigDecimal;

/** The queries of the topology, a fresh one each time: filters are added to it. */
final class TopologyQueries {
  private TopologyQueries() {}

  static TopologyRows<RegionView> regions() {
    return new TopologyRows<>(
        """
        select t.id, (select count(*) from site s where s.region_id = t.id) as sites,
          (select count(*) from host h join site s on s.id = h.site_id where s.region_id = t.id)
            as hosts
        from region t""",
        r -> new RegionView((String) r[0], number(r[1]), number(r[2])));
  }

  static TopologyRows<SiteView> sites() {
    return new TopologyRows<>(
        """
        select t.id, t.region_id, t.country, t.csap_zone, t.it_power_kw, t.booked_kw,
          t.dedicated_to, t.labels, t.version
        from site t""",
        r ->
            new SiteView(
                (String) r[0],
                (String) r[1],
                (String) r[2],
                (String) r[3],
                (BigDecimal) r[4],
                (BigDecimal) r[5],
                (String) r[6],
                Labels.read((String) r[7]),
                number(r[8])));
  }

  static TopologyRows<HallView> halls() {
    return new TopologyRows<>(
        """
        select t.id, t.site_id, t.power_kw, t.cooling_kw, t.rack_power_kw, t.booked_kw,
          least(t.power_kw, t.cooling_kw) - t.booked_kw, t.labels, t.version
        from hall t""",
        r ->
            new HallView(
                (String) r[0],
                (String) r[1],
                (BigDecimal) r[2],
                (BigDecimal) r[3],
                (BigDecimal) r[4],
                (BigDecimal) r[5],
                (BigDecimal) r[6],
                Labels.read((String) r[7]),
                number(r[8])));
  }

  static TopologyRows<RackView> racks() {
    return new TopologyRows<>(
        """
        select t.id, t.hall_id, t.fabric_id, t.power_kw, t.booked_kw,
          (select count(*) from host h where h.rack_id = t.id), t.labels, t.version
        from rack t join hall a on a.id = t.hall_id""",
        r ->
            new RackView(
                (String) r[0],
                (String) r[1],
                (String) r[2],
                (BigDecimal) r[3],
                (BigDecimal) r[4],
                number(r[5]),
                Labels.read((String) r[6]),
                number(r[7])));
  }

  static TopologyRows<FabricView> fabrics() {
    return new TopologyRows<>(
        """
        select t.id, t.hall_id, t.delivery_id,
          (select count(*) from rack r where r.fabric_id = t.id) as racks,
          (select count(*) from host h where h.delivery_id = t.delivery_id and h.fabric_id = t.id)
            as hosts
        from fabric t join hall a on a.id = t.hall_id""",
        r ->
            new FabricView(
                (String) r[0], (String) r[1], (String) r[2], number(r[3]), number(r[4])));
  }

  static TopologyRows<NvlinkDomainView> domains() {
    return new TopologyRows<>(
        """
        select t.id, t.site_id, t.hall_id, t.rack_id, t.fabric_id, t.model_id, t.hosts,
          t.hosts_free, t.gpus
        from nvlink_domain t""",
        r ->
            new NvlinkDomainView(
                (String) r[0],
                (String) r[1],
                (String) r[2],
                (String) r[3],
                (String) r[4],
                (String) r[5],
                (int) number(r[6]),
                (int) number(r[7]),
                (int) number(r[8])));
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
