package dev.gpucloud.inventory.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.contracts.event.BurnInReport.MeasuredGpu;
import dev.gpucloud.contracts.id.HostId;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.inventory.acceptance.AcceptanceReportView.Figures;
import dev.gpucloud.inventory.acceptance.AcceptanceReportView.Measured;
import dev.gpucloud.kit.tx.Sql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.IntPredicate;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads what burn-ins measured. */
@ApplicationScoped
public class AcceptanceReports {
  private static final String COLUMNS =
      """
      select passed, reason, started_at, finished_at, gpus, nccl_bus_gb_per_second,
        min_gemm_tflops, min_memory_gb_per_second, min_nccl_bus_gb_per_second
      from acceptance_report where host_id = ?1""";

  private final ObjectMapper json;

  AcceptanceReports(ObjectMapper json) {
    this.json = json;
  }

  /**
   * How a host came into service, as a tenant may see it: the figures of those of its GPUs that the
   * mask touches, counted from 0, and of the host as a whole.
   */
  public Uni<AcceptanceReportView> ofSlices(Mutiny.Session s, HostId host, long mask) {
    return Sql.rows(
            s,
            "select accepted_by, accepted_at, model_id, gpus from host where id = ?1",
            host.value())
        .chain(
            rows -> {
              Object[] r = rows.getFirst();
              return Sql.rows(
                      s, COLUMNS + " and passed order by order_sequence desc limit 1", host.value())
                  .map(reports -> view(r, reports, gpu -> ((mask >>> (8 * gpu)) & 255) != 0));
            });
  }

  private AcceptanceReportView view(Object[] host, List<Object[]> reports, IntPredicate visible) {
    if (host[0] == null) {
      throw ProblemType.NOT_FOUND.because("The host has not been accepted.");
    }
    return AcceptanceReportView.of(
        (String) host[0],
        instant(host[1]),
        (String) host[2],
        reports.isEmpty() ? null : figures(reports.getFirst(), visible));
  }

  /** Every burn-in of a host, newest first. */
  Uni<List<BurnInView>> ofHost(Mutiny.Session s, HostId host) {
    return Sql.rows(s, COLUMNS + " order by order_sequence desc limit 100", host.value())
        .map(
            rows ->
                rows.stream()
                    .map(
                        r ->
                            new BurnInView(
                                (Boolean) r[0], (String) r[1], figures(r, position -> true)))
                    .toList());
  }

  private Figures figures(Object[] r, IntPredicate visible) {
    List<MeasuredGpu> all = read((String) r[4]);
    List<Measured> shown =
        all.stream()
            .filter(gpu -> visible.test(gpu.position()))
            .map(gpu -> new Measured(gpu.uuid(), gpu.gemmTflops(), gpu.memoryGbPerSecond()))
            .toList();
    return new Figures(
        instant(r[2]),
        instant(r[3]),
        shown,
        (BigDecimal) r[5],
        (BigDecimal) r[6],
        (BigDecimal) r[7],
        (BigDecimal) r[8]);
  }

  private static Instant instant(Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant() : (Instant) value;
  }

  private List<MeasuredGpu> read(String gpus) {
    try {
      return json.readValue(gpus, new TypeReference<List<MeasuredGpu>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
