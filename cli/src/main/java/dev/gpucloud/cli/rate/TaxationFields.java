package dev.gpucloud.cli.rate;

import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.statement.engine.Taxation;
import dev.gpucloud.billing.statement.engine.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How one account is taxed; at each time an account, or a SKU of it, has one agreed type. */
final class TaxationFields {
  private final Once once = new Once();
  private final List<Taxation.Agreed> agreed = new ArrayList<>();

  Taxation of(Fields f) {
    Fields evidence = f.object("zeroRatingEvidence");
    Term term = evidence == null ? null : TermFields.of(evidence);
    if (evidence != null) {
      evidence.end();
    }
    Map<String, TaxType> ofSkus = new HashMap<>();
    for (Fields own : f.list("taxTypes")) {
      String sku = own.sku("sku");
      once.check(own, "sku", "tax type of " + sku);
      ofSkus.put(sku, type(own));
      own.end();
    }
    f.list("taxations").forEach(each -> agreed.add(agreedTax(each)));
    return new Taxation(
        f.oneOf("taxType", TaxType.TAXED), ofSkus, term, f.flag("pricesIncludeVat"), agreed);
  }

  private static TaxType type(Fields f) {
    return f.oneOfGiven("taxType", TaxType.TAXED);
  }

  private Taxation.Agreed agreedTax(Fields f) {
    String id = f.text("id");
    once.check(f, "id", "taxation " + id);
    String sku = f.has("sku") ? f.sku("sku") : null;
    var tax = new Taxation.Agreed(id, sku, type(f), TermFields.of(f));
    if (tax.type() == TaxType.ZERO_RATED && !f.has("until")) {
      f.wrong("until", "must be given: the last day of what zero rating rests on");
    }
    agreed.stream()
        .filter(other -> Objects.equals(other.sku(), sku) && other.term().meets(tax.term()))
        .findFirst()
        .ifPresent(
            other ->
                f.wrong(
                    "from",
                    "lies within the term of %s: end that one (until) before another type begins"
                        .formatted(other.id())));
    f.end();
    return tax;
  }
}
