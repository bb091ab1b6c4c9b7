package dev.gpucloud.cli.rate;

import static dev.gpucloud.cli.rate.Amounts.exact;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.metering.engine.EventLog.Metered;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.cli.Json;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What ran in a rated month, as intervals and as exact rows that name the line they are part of.
 */
final class UsageResult {
  private static final Rational HOUR_SECONDS = Rational.of(3600);

  private final Names names;
  private final ProjectSlugs projects;
  private final Statement statement;
  private final Metered metered;
  private final Map<Part, Integer> lineOf = new IdentityHashMap<>();

  UsageResult(Names names, ProjectSlugs projects, Statement statement, Metered metered) {
    this.names = names;
    this.projects = projects;
    this.statement = statement;
    this.metered = metered;
    statement.lines().forEach(l -> l.parts().forEach(part -> lineOf.put(part, l.number())));
  }

  ArrayNode intervals() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    Set<TenantId> ours = statement.account().tenants().keySet();
    metered.runs().stream()
        .filter(run -> ours.contains(run.intervals().getFirst().scope().tenantId()))
        .filter(run -> run.touches(statement.month().start(), statement.month().end()))
        .sorted(Comparator.comparing(RunUsage::start).thenComparing(r -> r.runId().toString()))
        .forEach(run -> run.intervals().forEach(i -> list.add(interval(run, i))));
    return list;
  }

  private ObjectNode interval(RunUsage run, UsageInterval i) {
    ObjectNode json = Json.object();
    json.put("runId", names.of(run.runId().value()));
    json.put("instanceId", names.of(run.instanceId().value()));
    json.put("instanceName", run.instanceName());
    json.put("start", i.start().toString());
    json.put("end", i.end() == null ? null : i.end().toString());
    json.put("tenant", names.of(i.scope().tenantId().value()));
    json.put("project", projects.of(i.scope().projectId()));
    json.put("costCenter", i.scope().costCenter());
    json.put("instanceType", i.shape().instanceType());
    json.put("sku", i.shape().sku());
    json.put("units", i.shape().units());
    json.put("isEndEstimated", run.isEndEstimated());
    return json;
  }

  ArrayNode rows() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    statement.parts().forEach(part -> list.add(row(part)));
    return list;
  }

  private ObjectNode row(Part part) {
    ObjectNode json = Json.object();
    json.put("line", lineOf.get(part));
    json.put("runId", names.of(part.row().runId().value()));
    json.put("instanceId", names.of(part.row().instanceId().value()));
    json.put("project", projects.of(part.row().scope().projectId()));
    json.put("sku", part.row().shape().sku());
    json.put("category", part.category().name());
    json.put("coveredBy", part.coveredBy());
    json.put("start", part.row().start().toString());
    json.put("end", part.row().end().toString());
    json.put("paddingMillis", part.row().paddingMillis());
    json.put("units", part.row().units());
    json.put("share", part.share().toString());
    exact(json, "quantityHours", part.quantityHours());
    exact(json, "billedSeconds", billedSeconds(part));
    json.put("priceVersion", part.priceVersion());
    exact(json, "basePriceKrw", part.basePrice());
    ArrayNode factors = json.putArray("factors");
    part.factors()
        .forEach(
            f ->
                factors
                    .addObject()
                    .put("reason", f.reason())
                    .put("multiplier", f.multiplier().toString()));
    exact(json, "unitPriceKrw", part.unitPriceKrwPerHour());
    exact(json, "amountKrw", part.amount());
    ArrayNode burns = json.putArray("credits");
    part.burns()
        .forEach(
            b ->
                burns
                    .addObject()
                    .put("id", names.of(b.grantId()))
                    .put("amountKrw", b.amount().toString()));
    exact(json, "netKrw", part.netAmount());
    return json;
  }

  private static Rational billedSeconds(Part part) {
    return part.quantityHours().multiply(HOUR_SECONDS).divide(Rational.of(part.row().units()));
  }
}
