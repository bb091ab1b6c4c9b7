package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(
    name = "instance-types",
    mixinStandardHelpOptions = true,
    description = "What can be created: shape, list price (won per hour) and how many fit now.")
final class InstanceTypesCommand extends ApiCommand {
  InstanceTypesCommand(CliContext context) {
    super(context);
  }

  @Override
  ExitCode run() {
    print(catalogue(api()), types -> table(types, terminal()));
    return ExitCode.OK;
  }

  /** The instance types, each with its on-demand list price where the type does not carry one. */
  static JsonNode catalogue(ApiClient api) {
    JsonNode types = api.list("/instance-types");
    Map<String, JsonNode> prices = onDemandPrices(api);
    for (JsonNode type : types.path("items")) {
      JsonNode price = prices.get(type.path("id").asText());
      if (price == null) {
        price = prices.get(Fields.first(type, "model", "gpuModel"));
      }
      if (price != null && type instanceof ObjectNode object && !object.has("price")) {
        object.set("price", price);
      }
    }
    return types;
  }

  private static Map<String, JsonNode> onDemandPrices(ApiClient api) {
    Map<String, JsonNode> prices = new HashMap<>();
    for (JsonNode price : api.list("/prices").path("items")) {
      if (price.path("purchaseClass").asText("ON_DEMAND").equals("ON_DEMAND")) {
        String key = Fields.first(price, "instanceType", "model");
        prices.put(key, price);
      }
    }
    return prices;
  }

  static String table(JsonNode types, Terminal terminal) {
    Table table =
        new Table()
            .left("TYPE")
            .left("GPU MODEL")
            .right("GPUS")
            .left("MIG")
            .right("VCPUS")
            .right("MEMORY GIB")
            .right("KRW/HOUR")
            .right("FIT NOW");
    for (JsonNode type : types.path("items")) {
      table.row(
          Fields.text(type, "id"),
          Fields.first(type, "model", "gpuModel"),
          Fields.text(type, "gpus"),
          Fields.text(type, "migProfile"),
          Fields.text(type, "vcpus"),
          Fields.text(type, "memoryGib"),
          hourly(type),
          Fields.first(type, "available", "availability.instances", "fits"));
    }
    return table.render(terminal);
  }

  /** Won per hour of the whole instance: a price per GPU-hour counts once per GPU. */
  private static String hourly(JsonNode type) {
    JsonNode price = type.path("price");
    String krw = Fields.first(price, "priceKrw.amount", "priceKrw", "amount");
    if (krw.equals(Fields.NONE)) {
      return Fields.NONE;
    }
    boolean perGpu = price.path("unit").asText("GPU_HOUR").equals("GPU_HOUR");
    int gpus = perGpu ? Math.max(1, type.path("gpus").asInt(1)) : 1;
    return Fields.grouped(
        new java.math.BigDecimal(krw).multiply(java.math.BigDecimal.valueOf(gpus)).toPlainString());
  }
}
