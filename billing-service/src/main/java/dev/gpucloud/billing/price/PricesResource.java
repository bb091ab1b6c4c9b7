package dev.gpucloud.billing.price;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpucloud.contracts.money.Money;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.access.ApiKeyAccess;
import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What things cost now, and the import that decides it. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
class PricesResource {
  private static final String BOOK =
      """
      gpuModels: [{id: b200-sxm-180g}]
      sites: [{id: kr-ulsan-1, region: kr-ulsan}]
      priceBook:
        effectiveFrom: 2028-01-01
        onDemandPerGpuHour: {b200-sxm-180g: 7200}
        preemptiblePct: 40
      """;

  private final Transactions transactions;
  private final PriceRepository prices;
  private final PriceImportService imports;
  private final Caller caller;
  private final InstantSource clock;
  private final ObjectMapper json =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private final ObjectMapper yaml =
      YAMLMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  PricesResource(
      Transactions transactions,
      PriceRepository prices,
      PriceImportService imports,
      Caller caller,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.prices = prices;
    this.imports = imports;
    this.caller = caller;
    this.clock = clock;
  }

  /**
   * A price in force: {@code price} per unit is the list price after the purchase class. With tiers
   * both are of the first band.
   */
  @Schema(name = "Price")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PriceView(
      String sku,
      String gpuModel,
      @Nullable String instanceType,
      @Nullable String migProfile,
      String region,
      String purchaseClass,
      String unit,
      Money price,
      Money listPrice,
      @Schema(description = "Missing where the price does not depend on the month's quantity.")
          @Nullable PriceTiers tiers,
      String classPct,
      String version,
      Instant effectiveFrom) {

    static PriceView of(PriceRepository.StoredPrice p) {
      BigDecimal list = new BigDecimal(p.price().listPriceKrwPerHour().toDecimal12());
      BigDecimal pct = new BigDecimal(p.price().classPct().toDecimal12());
      BigDecimal whole = BigDecimal.valueOf(100);
      return new PriceView(
          p.price().sku(),
          p.gpuModel(),
          p.instanceType(),
          p.migProfile(),
          p.region(),
          p.price().purchaseClass(),
          p.price().unit().name(),
          new Money(PriceImportService.priceKrw(list, pct), Money.KRW),
          new Money(PriceImportService.priceKrw(list, whole), Money.KRW),
          PriceTiers.of(p.price().tiers()),
          PriceImportService.priceKrw(pct, whole),
          p.price().version(),
          p.price().effectiveFrom());
    }
  }

  @GET
  @Path("/prices")
  @Authenticated
  @ApiKeyAccess
  @Tag(name = "prices")
  @Operation(summary = "List the prices in force, by SKU")
  public Uni<Page<PriceView>> list(@BeanParam PageRequest page) {
    String after = page.after().getOrDefault("sku", "");
    return transactions
        .asSystem(s -> prices.inForce(s, clock.instant(), after, page.limit()))
        .map(found -> page.page(found, PriceView::of, p -> Map.of("sku", p.price().sku())));
  }

  @POST
  @Path("/finance/imports/prices")
  @Consumes({
    MediaType.APPLICATION_JSON,
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    MediaType.TEXT_PLAIN
  })
  @RolesAllowed({"finance", "platform-admin"})
  @Tag(name = "finance")
  @Operation(
      summary = "Import a price book (JSON or YAML)",
      description =
          "Takes a scenario document or its parts gpuModels, sites, instanceTypes, priceBook and"
              + " operator; docs/prices describes the form. All violations are answered at once and nothing is changed; the same"
              + " document again changes nothing.")
  @RequestBody(
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = String.class)),
        @Content(
            mediaType = "application/yaml",
            schema = @Schema(implementation = String.class),
            example = BOOK),
        @Content(mediaType = "application/x-yaml", schema = @Schema(implementation = String.class)),
        @Content(mediaType = "text/yaml", schema = @Schema(implementation = String.class)),
        @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(implementation = String.class))
      })
  @APIResponse(responseCode = "200", description = "Imported, or nothing new.")
  @APIResponse(
      responseCode = "400",
      description = "VALIDATION_FAILED with every violation; nothing was changed.")
  public Uni<PriceImportService.ImportView> importPrices(
      String document, @Context HttpHeaders headers) {
    PriceSheet sheet = PriceSheetReader.read(parse(document, headers.getMediaType()));
    return imports.importSheet(sheet, caller.username());
  }

  private JsonNode parse(String document, @Nullable MediaType type) {
    boolean isJson = type != null && type.isCompatible(MediaType.APPLICATION_JSON_TYPE);
    try {
      JsonNode node = (isJson ? json : yaml).readTree(document);
      return node == null ? json.missingNode() : node;
    } catch (JsonProcessingException e) {
      throw ProblemType.MALFORMED_BODY
          .because(
              "The body is not well-formed "
                  + (isJson ? "JSON" : "YAML")
                  + (e.getLocation() == null
                      ? "."
                      : " at line %d, column %d."
                          .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())))
          .at("", "must be well-formed");
    }
  }
}
