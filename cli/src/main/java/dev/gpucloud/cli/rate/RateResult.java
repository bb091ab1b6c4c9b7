package dev.gpucloud.cli.rate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.MonthCharge;
import dev.gpucloud.billing.correction.engine.TaxDocument;
import dev.gpucloud.billing.metering.engine.EventLog.Metered;
import dev.gpucloud.billing.metering.engine.RunUsage;
import dev.gpucloud.billing.metering.engine.UsageInterval;
import dev.gpucloud.billing.statement.engine.CommitmentUse;
import dev.gpucloud.billing.statement.engine.Part;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.cli.Json;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.money.Won;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rated month as JSON. Exact amounts are fractions as text, beside them twelve decimals;
 * documents are in whole won. Everything is in a fixed order, so that equal results are equal
 * texts.
 */
final class RateResult {
  private static final Rational HOUR_SECONDS = Rational.of(3600);

  private final Names names;
  private final Statement statement;
  private final Metered metered;
  private final List<Correction> corrections;
  private final List<TaxDocument> notes;
  private final List<Waiver> waivers;
  private final Set<TenantId> paidFor;
  private final Map<ProjectId, String> projects = new HashMap<>();
  private final Map<Part, Integer> lineOf = new IdentityHashMap<>();

  RateResult(
      Names names,
      PriceBookFile.Read prices,
      Statement statement,
      Metered metered,
      List<Correction> corrections,
      List<TaxDocument> notes) {
    this.names = names;
    this.waivers = prices.waivers().getOrDefault(statement.account().id(), List.of());
    this.paidFor =
        prices.book().accounts().values().stream()
            .flatMap(account -> account.tenants().keySet().stream())
            .collect(Collectors.toSet());
    this.statement = statement;
    this.metered = metered;
    this.corrections = corrections;
    this.notes = notes;
    metered
        .runs()
        .forEach(
            run ->
                run.intervals()
                    .forEach(i -> projects.put(i.scope().projectId(), i.scope().projectSlug())));
    statement.lines().forEach(l -> l.parts().forEach(part -> lineOf.put(part, l.number())));
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("format", "gpucloud.rating/v1");
    json.put("account", statement.account().id());
    json.put("month", statement.month().toString());
    json.put("mode", statement.account().mode().name());
    json.put("taxType", statement.taxType().name());
    json.put("roundingPolicy", "v1");
    json.set("intervals", intervals());
    json.set("ratedRows", rows());
    json.set("commitments", commitments());
    json.set("lines", lines());
    json.set("usageBeforeCredits", money(statement.usage()));
    json.set("spendCommitments", spend());
    json.set("supplyValue", money(statement.supplyValue()));
    json.set("vat", money(statement.vat()));
    json.set("total", money(statement.total()));
    json.set("taxTypes", taxTypes());
    json.set("credits", credits());
    json.set("prepaid", prepaid());
    json.set("due", money(statement.due()));
    json.set("corrections", corrections());
    json.set("documents", documents());
    blockers(json);
    json.put("duplicateEvents", metered.duplicates());
    return json;
  }

  private static ObjectNode money(Won won) {
    return Json.object().put("amount", Long.toString(won.amount())).put("currency", "KRW");
  }

  private static void exact(ObjectNode into, String name, Rational value) {
    into.put(name, value.toString());
    into.put(name + "Decimal", value.toDecimal12());
  }

  private @Nullable String project(@Nullable ProjectId id) {
    return id == null ? null : projects.getOrDefault(id, names.of(id.value()));
  }

  private ArrayNode intervals() {
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
    json.put("project", project(i.scope().projectId()));
    json.put("costCenter", i.scope().costCenter());
    json.put("instanceType", i.shape().instanceType());
    json.put("sku", i.shape().sku());
    json.put("units", i.shape().units());
    json.put("isEndEstimated", metered.estimated().contains(run.runId()));
    return json;
  }

  private ArrayNode rows() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    statement.parts().forEach(part -> list.add(row(part)));
    return list;
  }

  private ObjectNode row(Part part) {
    ObjectNode json = Json.object();
    json.put("line", lineOf.get(part));
    json.put("runId", names.of(part.row().runId().value()));
    json.put("instanceId", names.of(part.row().instanceId().value()));
    json.put("project", project(part.row().scope().projectId()));
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
    json.put("priceVersion", part.row().price().version());
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

  private ArrayNode commitments() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    for (CommitmentUse use : statement.commitments()) {
      ObjectNode json = list.addObject();
      json.put("id", use.commitment().id());
      json.put("sku", use.commitment().sku());
      json.put("kind", use.commitment().kind().name());
      exact(json, "committedHours", use.committedHours());
      exact(json, "usedHours", use.usedHours());
      exact(json, "unusedHours", use.unusedHours());
      exact(json, "feeKrw", use.fee());
      exact(json, "effectiveKrw", use.effective());
      exact(json, "unusedKrw", use.unused());
    }
    return list;
  }

  private ArrayNode lines() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    for (StatementLine line : statement.lines()) {
      ObjectNode json = list.addObject();
      json.put("number", line.number());
      json.put("category", line.key().category().name());
      json.put("project", project(line.key().project()));
      json.put("item", line.key().item());
      json.put("priceVersion", line.key().version());
      json.put("taxType", line.key().taxType().name());
      json.put("originalMonth", line.key().originalMonth().toString());
      exact(json, "quantityHours", line.quantityHours());
      exact(json, "exactKrw", line.exact());
      exact(json, "roundingKrw", line.rounding());
      json.set("amount", money(line.amount()));
      json.set("supplyValue", money(line.supply()));
      json.set("vat", money(line.vat()));
    }
    return list;
  }

  private ArrayNode spend() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    for (SpendCommitment spend : statement.account().spendCommitments()) {
      Won floor = spend.floor(statement.month());
      long trueUp = Math.max(0, floor.amount() - statement.usage().amount());
      ObjectNode json = list.addObject();
      json.put("id", spend.id());
      json.set("floor", money(floor));
      json.set("trueUp", money(new Won(trueUp)));
    }
    return list;
  }

  private ArrayNode credits() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    statement
        .credits()
        .forEach(
            use -> {
              ObjectNode json = list.addObject();
              json.put("id", names.of(use.credit().grant().id()));
              exact(json, "beforeKrw", use.before());
              exact(json, "burnedKrw", use.burned());
              exact(json, "breakageKrw", use.lapsed());
              exact(json, "remainingKrw", use.left());
            });
    return list;
  }

  private ArrayNode prepaid() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    statement
        .payments()
        .forEach(
            payment -> {
              ObjectNode json = list.addObject();
              Instant expires = payment.credit().expiresAt();
              boolean lapses = expires != null && !expires.isAfter(statement.month().end());
              json.put("id", payment.credit().id());
              json.set("paid", money(payment.paid()));
              json.set("breakage", money(lapses ? payment.left() : Won.ZERO));
              json.set("remaining", money(lapses ? Won.ZERO : payment.left()));
            });
    return list;
  }

  private ArrayNode corrections() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    for (Correction correction : corrections) {
      ObjectNode json = list.addObject();
      json.put("month", correction.month().toString());
      json.put("outcome", correction.outcome().name());
      json.set("supplyValueBefore", money(correction.supplyBefore()));
      json.set("supplyValueNow", money(correction.supplyNow()));
      json.set("supplyValueChange", money(correction.supplyChange()));
      json.set("vatChange", money(correction.vatChange()));
    }
    return list;
  }

  private ArrayNode documents() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    corrections.forEach(c -> c.documents().forEach(d -> document(list.addObject(), d)));
    notes.forEach(note -> document(list.addObject(), note));
    return list;
  }

  private static void document(ObjectNode json, TaxDocument document) {
    json.put("kind", document.kind().name());
    json.put("reason", document.reason().code());
    json.put("originalMonth", document.originalMonth().toString());
    json.put("writeDate", document.writeDate().toString());
    json.put("taxType", document.taxType().name());
    json.set("supplyValue", money(document.supplyValue()));
    json.set("vat", money(document.vat()));
    json.set("total", money(document.supplyValue().plus(document.vat())));
  }

  /** What the document of each tax type says. */
  private ArrayNode taxTypes() {
    ArrayNode list = Json.MAPPER.createArrayNode();
    new TreeMap<>(MonthCharge.of(statement).documents())
        .forEach(
            (type, amount) -> {
              ObjectNode json = list.addObject().put("taxType", type.name());
              json.set("supplyValue", money(amount.supplyValue()));
              json.set("vat", money(amount.vat()));
              json.set("total", money(amount.total()));
            });
    return list;
  }

  /** Those that block, and beside them those that two persons let pass. */
  private void blockers(ObjectNode json) {
    ArrayNode blocking = json.putArray("blockers");
    ArrayNode waived = json.putArray("waived");
    for (JsonNode each : new Blockers(names, statement, metered, paidFor).toJson()) {
      waivers.stream()
          .filter(waiver -> waiver.covers(statement.month(), each))
          .findFirst()
          .ifPresentOrElse(
              waiver ->
                  waived.add(
                      ((ObjectNode) each)
                          .put("by", waiver.by())
                          .put("confirmedBy", waiver.confirmedBy())
                          .put("reason", waiver.reason())),
              () -> blocking.add(each));
    }
  }
}
