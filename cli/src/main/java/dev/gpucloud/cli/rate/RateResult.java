package dev.gpucloud.cli.rate;

import static dev.gpucloud.cli.rate.Amounts.exact;
import static dev.gpucloud.cli.rate.Amounts.money;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.billing.correction.engine.Correction;
import dev.gpucloud.billing.correction.engine.MonthCharge;
import dev.gpucloud.billing.correction.engine.TaxDocument;
import dev.gpucloud.billing.metering.engine.EventLog.Metered;
import dev.gpucloud.billing.statement.engine.CommitmentUse;
import dev.gpucloud.billing.statement.engine.SpendCommitment;
import dev.gpucloud.billing.statement.engine.SpendFloor;
import dev.gpucloud.billing.statement.engine.Statement;
import dev.gpucloud.billing.statement.engine.StatementLine;
import dev.gpucloud.cli.Json;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.money.Won;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A rated month as JSON. Exact amounts are fractions as text, beside them twelve decimals;
 * documents are in whole won. Everything is in a fixed order, so that equal results are equal
 * texts.
 */
final class RateResult {
  private final Names names;
  private final Statement statement;
  private final Metered metered;
  private final List<Correction> corrections;
  private final List<TaxDocument> notes;
  private final Map<String, Integer> unreadEvents;
  private final List<Waiver> waivers;
  private final Set<TenantId> paidFor;
  private final ProjectSlugs projects;

  RateResult(
      Names names,
      PriceBookFile.Read prices,
      Statement statement,
      Metered metered,
      List<Correction> corrections,
      List<TaxDocument> notes,
      Map<String, Integer> unreadEvents) {
    this.names = names;
    this.waivers = prices.said(statement.account().id()).waivers();
    this.paidFor =
        prices.book().accounts().values().stream()
            .flatMap(account -> account.tenants().keySet().stream())
            .collect(Collectors.toSet());
    this.statement = statement;
    this.metered = metered;
    this.corrections = corrections;
    this.notes = notes;
    this.unreadEvents = unreadEvents;
    this.projects = new ProjectSlugs(names, metered.runs());
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("format", "gpucloud.rating/v1");
    json.put("account", statement.account().id());
    json.put("month", statement.month().toString());
    json.put("mode", statement.account().mode().name());
    json.put("taxType", statement.taxType().name());
    json.put("roundingPolicy", "v1");
    var usage = new UsageResult(names, projects, statement, metered);
    json.set("intervals", usage.intervals());
    json.set("ratedRows", usage.rows());
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
    ObjectNode unread = json.putObject("unreadEvents");
    unreadEvents.forEach(unread::put);
    return json;
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
      json.put("project", projects.of(line.key().project()));
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
    List<SpendCommitment> agreed = statement.account().spendCommitments();
    for (SpendFloor floor : SpendFloor.of(agreed, statement.month())) {
      ObjectNode json = list.addObject();
      json.put("id", floor.id());
      json.set("floor", money(floor.floor()));
      ArrayNode terms = json.putArray("termFloors");
      floor.terms().forEach(term -> terms.add(money(term.floor(statement.month()))));
      json.set("trueUp", money(floor.trueUp(statement.usage())));
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
    statement.payments().stream()
        .sorted(Comparator.comparing(p -> statement.account().prepaid().indexOf(p.credit())))
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
    if (document.reason() != null) {
      json.put("reason", document.reason().code());
    }
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
