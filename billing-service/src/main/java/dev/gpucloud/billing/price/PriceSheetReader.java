package dev.gpucloud.billing.price;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.billing.metering.engine.Shape;
import dev.gpucloud.billing.price.PriceSheet.DiscountPct;
import dev.gpucloud.billing.price.PriceSheet.Operator;
import dev.gpucloud.billing.price.PriceSheet.Price;
import dev.gpucloud.billing.rating.engine.Discount;
import dev.gpucloud.billing.rating.engine.PriceUnit;
import dev.gpucloud.billing.rating.engine.Tiers;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.problem.FieldError;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.contracts.time.BillingMonth;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an import document: a scenario file or the parts of one that make prices. Collects every
 * violation before it refuses; what it answers is valid in itself.
 */
final class PriceSheetReader {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal LARGEST_PRICE = new BigDecimal("1e15");
  private static final int LARGEST_SCALE = 12;
  private static final int PCT_SCALE = 6;
  private static final BigDecimal LARGEST_HOURS = new BigDecimal("1e12");
  private static final int MOST_BANDS = 20;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,99}");
  private static final Pattern TERM = Pattern.compile("months([1-9][0-9]{0,2})");
  private static final Set<String> SECTIONS =
      Set.of(
          "currency",
          "timezone",
          "startsAt",
          "operator",
          "csapOrder",
          "gpuModels",
          "sites",
          "deliveries",
          "tenants",
          "instanceTypes",
          "hostShape",
          "priceBook");
  private static final Set<String> BOOK_FIELDS =
      Set.of(
          "effectiveFrom",
          "onDemandPerGpuHour",
          "migPerHour",
          "preemptiblePct",
          "reservedPct",
          "stoppedPct",
          "discountPct");
  private static final Map<Discount.Scope, Set<String>> DISCOUNTABLE =
      Map.of(
          Discount.Scope.KIND, Set.of("GROUP", "SUBSIDIARY", "EXTERNAL"),
          Discount.Scope.SEGMENT,
              Set.of("ENTERPRISE", "STARTUP", "ACADEMIA", "RESEARCH", "GOVERNMENT"));

  private final JsonNode document;
  private final List<FieldError> errors = new ArrayList<>();

  private PriceSheetReader(JsonNode document) {
    this.document = document;
  }

  /** A price, or that of the first band. */
  private record Listed(BigDecimal price, @Nullable Tiers tiers) {}

  /** An instance type as far as prices need it. */
  private record SoldType(String id, String model, @Nullable String migProfile) {}

  /**
   * @throws ProblemException VALIDATION_FAILED with every violation
   */
  static PriceSheet read(JsonNode document) {
    var reader = new PriceSheetReader(document);
    PriceSheet sheet = reader.read();
    if (!reader.errors.isEmpty()) {
      throw invalid(reader.errors);
    }
    return sheet;
  }

  static ProblemException invalid(List<FieldError> errors) {
    int n = errors.size();
    return new ProblemException(
        ProblemType.VALIDATION_FAILED,
        n + (n == 1 ? " value is" : " values are") + " invalid; nothing was changed.",
        Map.of(),
        errors);
  }

  private PriceSheet read() {
    if (!document.isObject()) {
      errors.add(new FieldError("", "must be an object with a priceBook"));
      return new PriceSheet(Instant.EPOCH, List.of(), List.of(), null);
    }
    refuseUnknown("", document, SECTIONS);
    JsonNode currency = document.path("currency");
    if (!currency.isMissingNode() && !currency.asText().equals("KRW")) {
      errors.add(new FieldError("/currency", "must be KRW"));
    }
    Set<String> regions = regions();
    Set<String> models = models();
    Map<String, SoldType> types = types(models);
    JsonNode book = document.path("priceBook");
    if (!book.isObject()) {
      errors.add(new FieldError("/priceBook", "is missing: an object with prices"));
      return new PriceSheet(Instant.EPOCH, List.of(), List.of(), null);
    }
    refuseUnknown("/priceBook", book, BOOK_FIELDS);
    Map<String, BigDecimal> classes = purchaseClasses(book);
    var prices = new ArrayList<Price>();
    eachPrice(
        book,
        "onDemandPerGpuHour",
        (model, price) -> {
          String pointer = "/priceBook/onDemandPerGpuHour/" + model;
          if (!models.contains(model)) {
            errors.add(new FieldError(pointer, "names no GPU model; known: " + models));
          }
          add(prices, pointer, new SoldType(model, model, null), price, regions, classes);
        });
    eachPrice(
        book,
        "migPerHour",
        (type, price) -> {
          String pointer = "/priceBook/migPerHour/" + type;
          SoldType sold = types.get(type);
          if (sold == null || sold.migProfile() == null) {
            errors.add(new FieldError(pointer, "names no instance type with a MIG profile"));
          } else {
            add(prices, pointer, sold, price, regions, classes);
          }
        });
    if (prices.isEmpty() && errors.isEmpty()) {
      errors.add(new FieldError("/priceBook", "states no price"));
    }
    return new PriceSheet(effectiveFrom(book), prices, discounts(book), operator());
  }

  private void refuseUnknown(String pointer, JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                errors.add(
                    new FieldError(
                        pointer + "/" + name,
                        "is not known; known fields: "
                            + String.join(", ", known.stream().sorted().toList())));
              }
            });
  }

  private Set<String> regions() {
    var regions = new LinkedHashSet<String>();
    JsonNode sites = document.path("sites");
    for (int i = 0; i < sites.size(); i++) {
      String region = sites.get(i).path("region").asText();
      if (NAME.matcher(region).matches()) {
        regions.add(region);
      } else {
        errors.add(new FieldError("/sites/" + i + "/region", "must name a region"));
      }
    }
    if (sites.isEmpty()) {
      errors.add(new FieldError("/sites", "is missing: prices are made per region of the sites"));
    }
    return regions;
  }

  private Set<String> models() {
    var models = new LinkedHashSet<String>();
    JsonNode list = document.path("gpuModels");
    for (int i = 0; i < list.size(); i++) {
      String id = list.get(i).path("id").asText();
      if (!NAME.matcher(id).matches()) {
        errors.add(new FieldError("/gpuModels/" + i + "/id", "must be a lower-case name"));
      } else if (!models.add(id)) {
        errors.add(new FieldError("/gpuModels/" + i + "/id", "is there twice"));
      }
    }
    if (list.isEmpty()) {
      errors.add(new FieldError("/gpuModels", "is missing: prices name GPU models"));
    }
    return models;
  }

  private Map<String, SoldType> types(Set<String> models) {
    var types = new LinkedHashMap<String, SoldType>();
    JsonNode list = document.path("instanceTypes");
    for (int i = 0; i < list.size(); i++) {
      JsonNode type = list.get(i);
      String pointer = "/instanceTypes/" + i;
      String id = type.path("id").asText();
      String model = type.path("model").asText();
      if (!NAME.matcher(id).matches()) {
        errors.add(new FieldError(pointer + "/id", "must be a lower-case name"));
      }
      if (!models.contains(model)) {
        errors.add(new FieldError(pointer + "/model", "names no GPU model; known: " + models));
      }
      String profile = type.hasNonNull("migProfile") ? type.get("migProfile").asText() : null;
      if (types.put(id, new SoldType(id, model, profile)) != null) {
        errors.add(new FieldError(pointer + "/id", "is there twice"));
      }
    }
    return types;
  }

  private Instant effectiveFrom(JsonNode book) {
    String text = book.path("effectiveFrom").asText();
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(BillingMonth.ZONE).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      errors.add(
          new FieldError(
              "/priceBook/effectiveFrom",
              "must be a date in Seoul such as 2026-01-01, or an RFC 3339 time"));
      return Instant.EPOCH;
    }
  }

  /** Purchase classes with what they cost in percent of the on-demand price. */
  private Map<String, BigDecimal> purchaseClasses(JsonNode book) {
    var classes = new TreeMap<String, BigDecimal>();
    classes.put("ON_DEMAND", HUNDRED);
    if (book.hasNonNull("preemptiblePct")) {
      classes.put("PREEMPTIBLE", pct("/priceBook/preemptiblePct", book.get("preemptiblePct")));
    }
    book.path("reservedPct")
        .properties()
        .forEach(
            e -> {
              String pointer = "/priceBook/reservedPct/" + e.getKey();
              var term = TERM.matcher(e.getKey());
              if (term.matches()) {
                classes.put("RESERVED_" + term.group(1) + "M", pct(pointer, e.getValue()));
              } else {
                errors.add(new FieldError(pointer, "must be a term such as months12"));
              }
            });
    JsonNode stopped = book.path("stoppedPct");
    if (!stopped.isMissingNode() && stopped.decimalValue().signum() != 0) {
      errors.add(
          new FieldError(
              "/priceBook/stoppedPct", "must be 0: a stopped instance holds no GPU to charge for"));
    }
    return classes;
  }

  private BigDecimal pct(String pointer, JsonNode value) {
    BigDecimal pct = value.isNumber() ? value.decimalValue() : BigDecimal.valueOf(-1);
    if (pct.signum() < 0
        || pct.compareTo(HUNDRED) > 0
        || pct.stripTrailingZeros().scale() > PCT_SCALE) {
      errors.add(new FieldError(pointer, "must be a percentage from 0 to 100"));
    }
    return pct;
  }

  private void eachPrice(JsonNode book, String field, BiConsumer<String, Listed> each) {
    JsonNode prices = book.path(field);
    if (!prices.isMissingNode() && !prices.isObject()) {
      errors.add(new FieldError("/priceBook/" + field, "must be an object of prices by name"));
    }
    prices
        .properties()
        .forEach(
            e -> {
              String pointer = "/priceBook/" + field + "/" + e.getKey();
              each.accept(
                  e.getKey(),
                  e.getValue().isObject()
                      ? tiers(pointer, e.getValue())
                      : new Listed(
                          won(
                              pointer,
                              e.getValue(),
                              "must be a positive number of won per hour, or tiers"),
                          null));
            });
  }

  private BigDecimal won(String pointer, JsonNode value, String must) {
    BigDecimal price = value.isNumber() ? value.decimalValue() : BigDecimal.ZERO;
    if (!isPositive(price, LARGEST_PRICE)) {
      errors.add(new FieldError(pointer, must));
      return BigDecimal.ONE;
    }
    return price;
  }

  private static boolean isPositive(BigDecimal number, BigDecimal largest) {
    return number.signum() > 0
        && number.compareTo(largest) <= 0
        && number.stripTrailingZeros().scale() <= LARGEST_SCALE;
  }

  private Listed tiers(String pointer, JsonNode node) {
    refuseUnknown(pointer, node, Set.of("mode", "bands"));
    String mode = node.path("mode").asText("GRADUATED");
    if (!mode.equals("GRADUATED") && !mode.equals("VOLUME")) {
      errors.add(new FieldError(pointer + "/mode", "must be GRADUATED or VOLUME"));
    }
    int before = errors.size();
    List<Tiers.Band> bands = bands(pointer + "/bands", node.path("bands"));
    if (errors.size() > before || !mode.equals("GRADUATED") && !mode.equals("VOLUME")) {
      return new Listed(BigDecimal.ONE, null);
    }
    return new Listed(
        node.at("/bands/0/priceKrw").decimalValue(), new Tiers(Tiers.Mode.valueOf(mode), bands));
  }

  /** Bands of rising ends, the last one without; if they are not, nobody uses them. */
  private List<Tiers.Band> bands(String pointer, JsonNode node) {
    if (!node.isArray() || node.isEmpty() || node.size() > MOST_BANDS) {
      errors.add(new FieldError(pointer, "must be 1 to " + MOST_BANDS + " bands"));
      return List.of();
    }
    var bands = new ArrayList<Tiers.Band>();
    BigDecimal below = BigDecimal.ZERO;
    for (int i = 0; i < node.size(); i++) {
      JsonNode band = node.get(i);
      String at = pointer + "/" + i;
      refuseUnknown(at, band, Set.of("upToHours", "priceKrw"));
      BigDecimal price =
          won(at + "/priceKrw", band.path("priceKrw"), "must be a positive number of won per hour");
      BigDecimal upTo =
          band.path("upToHours").isNumber() ? band.get("upToHours").decimalValue() : null;
      boolean isLast = i == node.size() - 1;
      if (isLast == band.hasNonNull("upToHours")) {
        errors.add(
            new FieldError(at + "/upToHours", "the last band, and no other, has no upper end"));
      } else if (!isLast && (upTo == null || !isPositive(upTo, LARGEST_HOURS))) {
        errors.add(new FieldError(at + "/upToHours", "must be a positive number of hours"));
      } else if (upTo != null && upTo.compareTo(below) <= 0) {
        errors.add(new FieldError(at + "/upToHours", "must be more than the band before ends at"));
      }
      below = upTo == null ? below : upTo;
      bands.add(new Tiers.Band(upTo == null ? null : Rational.of(upTo), Rational.of(price)));
    }
    return bands;
  }

  private static void add(
      List<Price> prices,
      String pointer,
      SoldType sold,
      Listed listed,
      Set<String> regions,
      Map<String, BigDecimal> classes) {
    boolean slice = sold.migProfile() != null;
    for (String region : regions) {
      classes.forEach(
          (purchaseClass, pct) ->
              prices.add(
                  new Price(
                      pointer,
                      Shape.skuOf(sold.id(), purchaseClass, region),
                      sold.id(),
                      sold.model(),
                      slice ? sold.id() : null,
                      sold.migProfile(),
                      region,
                      purchaseClass,
                      slice ? PriceUnit.INSTANCE_HOUR : PriceUnit.GPU_HOUR,
                      listed.price(),
                      listed.tiers(),
                      pct)));
    }
  }

  private List<DiscountPct> discounts(JsonNode book) {
    var discounts = new ArrayList<DiscountPct>();
    JsonNode node = book.path("discountPct");
    refuseUnknown("/priceBook/discountPct", node, Set.of("kind", "segment"));
    DISCOUNTABLE.forEach(
        (scope, names) -> {
          String field = scope.name().toLowerCase(Locale.ROOT);
          node.path(field)
              .properties()
              .forEach(
                  e -> {
                    String pointer = "/priceBook/discountPct/" + field + "/" + e.getKey();
                    if (!names.contains(e.getKey())) {
                      errors.add(
                          new FieldError(
                              pointer,
                              "is no " + field + "; known: " + names.stream().sorted().toList()));
                    }
                    discounts.add(
                        new DiscountPct(pointer, scope, e.getKey(), pct(pointer, e.getValue())));
                  });
        });
    return discounts;
  }

  private @Nullable Operator operator() {
    JsonNode node = document.path("operator");
    if (node.isMissingNode()) {
      return null;
    }
    refuseUnknown(
        "/operator",
        node,
        Set.of("name", "businessNumber", "ceo", "address", "businessType", "businessItem"));
    String name = node.path("name").asText();
    String number = node.path("businessNumber").asText();
    if (name.isBlank()) {
      errors.add(new FieldError("/operator/name", "is missing"));
    }
    if (!BusinessNumber.isValid(number)) {
      errors.add(
          new FieldError(
              "/operator/businessNumber",
              "must be a business registration number such as 000-00-00072 with a right check digit"));
    }
    return new Operator(
        name,
        number,
        text(node, "ceo"),
        text(node, "address"),
        text(node, "businessType"),
        text(node, "businessItem"));
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.hasNonNull(field) ? node.get(field).asText() : null;
  }
}
