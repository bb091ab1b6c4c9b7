package dev.gpucloud.verifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** What commitments cover and grants pay of a month's rows, one agreement after the other. */
final class Shares {
  private static final Comparator<Agreed> OLDEST_FIRST =
      Comparator.comparingLong(Agreed::agreedFrom).thenComparing(Agreed::id);

  private List<ExpectedPart> parts;
  private final List<Use> uses = new ArrayList<>();

  /** How a month used a commitment. */
  record Use(Agreed commitment, Fraction committed, Fraction used) {
    Fraction fee() {
      return committed.times(commitment.number("priceKrw"));
    }
  }

  Shares(List<ExpectedRow> rows, JsonNode account, YearMonth month) {
    parts = new ArrayList<>();
    rows.forEach(row -> parts.add(ExpectedPart.whole(row)));
    for (Agreed commitment : inOrder(account.path("usageCommitments"), month)) {
      if (!commitment.missesTheMonth()) {
        cover(commitment);
      }
    }
    List<Grant> grants = new ArrayList<>();
    for (JsonNode tenant : account.required("tenants")) {
      for (Agreed grant : inOrder(tenant.path("grantShares"), month)) {
        grants.add(new Grant(grant, tenant.required("tenantId").asText()));
      }
    }
    grants.sort(Comparator.comparing(Grant::agreed, OLDEST_FIRST));
    grants.forEach(grant -> pay(grant.agreed(), grant.tenantId()));
  }

  private record Grant(Agreed agreed, String tenantId) {}

  List<ExpectedPart> parts() {
    return parts;
  }

  List<Use> uses() {
    return uses;
  }

  private static List<Agreed> inOrder(JsonNode nodes, YearMonth month) {
    List<Agreed> all = new ArrayList<>();
    nodes.forEach(node -> all.add(Agreed.in(month, node)));
    all.sort(OLDEST_FIRST);
    return all;
  }

  private void cover(Agreed commitment) {
    boolean hourly = commitment.node().path("kind").asText("HOURLY").equals("HOURLY");
    Fraction committed =
        hourly
            ? commitment.number("units").times(commitment.hoursOfMonth())
            : commitment.number("hoursPerMonth").times(commitment.shareOfMonth());
    Function<ExpectedPart, Long> together =
        part -> hourly ? Agreed.hourOf(part.row.startMillis) : 0L;
    Function<Long, Fraction> most =
        hour -> hourly ? commitment.number("units").times(commitment.shareOfHour(hour)) : committed;
    Predicate<ExpectedPart> concerned =
        part ->
            !part.isCovered()
                && part.row.sku.equals(commitment.node().required("sku").asText())
                && commitment.holdsAt(part.row.startMillis);
    Map<Long, Fraction> ran = ran(concerned, together, ExpectedPart::quantity);
    Fraction used = Fraction.ZERO;
    for (Map.Entry<Long, Fraction> each : ran.entrySet()) {
      used = used.plus(each.getValue().smaller(most.apply(each.getKey())));
    }
    uses.add(new Use(commitment, committed, used));
    Fraction ownPrice =
        commitment.node().hasNonNull("overagePriceKrw")
            ? commitment.number("overagePriceKrw")
            : null;
    split(
        concerned,
        part -> part(ran, together.apply(part), most),
        (part, of) -> part.covered(of, commitment.id()),
        (part, of) -> part.beyond(of, ownPrice, commitment.id()));
  }

  private void pay(Agreed grant, String tenantId) {
    Function<ExpectedPart, Long> together = part -> Agreed.hourOf(part.row.startMillis);
    Function<Long, Fraction> most = hour -> grant.number("gpus").times(grant.shareOfHour(hour));
    Predicate<ExpectedPart> concerned =
        part ->
            !part.isCovered()
                && part.grantPct == null
                && part.row.tenantId.equals(tenantId)
                && grant.node().required("model").asText().equals(part.row.wholeModel)
                && grant.holdsAt(part.row.startMillis);
    Map<Long, Fraction> ran = ran(concerned, together, ExpectedPart::gpuHours);
    Fraction pct = grant.number("customerSharePct");
    split(
        concerned,
        part -> part(ran, together.apply(part), most),
        (part, of) -> part.granted(of, pct),
        ExpectedPart::rest);
  }

  private Map<Long, Fraction> ran(
      Predicate<ExpectedPart> concerned,
      Function<ExpectedPart, Long> together,
      Function<ExpectedPart, Fraction> hours) {
    Map<Long, Fraction> ran = new HashMap<>();
    for (ExpectedPart part : parts) {
      if (concerned.test(part)) {
        ran.merge(together.apply(part), hours.apply(part), Fraction::plus);
      }
    }
    return ran;
  }

  /** The part of what ran together that the agreement is for. */
  private static Fraction part(
      Map<Long, Fraction> ran, long together, Function<Long, Fraction> most) {
    Fraction all = ran.get(together);
    return all.isPositive() ? most.apply(together).over(all).smaller(Fraction.ONE) : Fraction.ONE;
  }

  /** Makes one part into two. */
  @FunctionalInterface
  private interface Cut {
    ExpectedPart of(ExpectedPart part, Fraction share);
  }

  private void split(
      Predicate<ExpectedPart> concerned,
      Function<ExpectedPart, Fraction> share,
      Cut theirs,
      Cut rest) {
    List<ExpectedPart> split = new ArrayList<>();
    for (ExpectedPart part : parts) {
      if (!concerned.test(part)) {
        split.add(part);
        continue;
      }
      Fraction of = share.apply(part);
      if (of.isPositive()) {
        split.add(theirs.of(part, of));
      }
      if (Fraction.ONE.minus(of).isPositive()) {
        split.add(rest.of(part, Fraction.ONE.minus(of)));
      }
    }
    parts = split;
  }
}
