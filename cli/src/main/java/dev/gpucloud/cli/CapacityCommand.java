package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.OffersApi;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "capacity",
    mixinStandardHelpOptions = true,
    description = {
      "Room by site and GPU model.",
      "FITS is how many instances of each type could be placed now, and after / the largest"
          + " cluster in one fabric."
    })
final class CapacityCommand extends ListCommand implements Watch.Reading {
  private static final Columns COLUMNS =
      new Columns()
          .text("SITE", "site")
          .text("MODEL", "model")
          .text("LEVEL", "level")
          .number("HOSTS", "hosts")
          .number("GPUS", "gpus")
          .number("FREE", "gpusFree")
          .left("FITS", CapacityCommand::fits);

  @Option(names = "--site", paramLabel = "SITE", description = "Only at this site.")
  private @Nullable String site;

  @Option(names = "--model", paramLabel = "MODEL", description = "Only this GPU model.")
  private @Nullable String model;

  CapacityCommand(CliContext context) {
    super(context, COLUMNS);
  }

  @Override
  Call<Call.Nothing, ?> list() {
    return OffersApi.offerResourceCapacity().site(site).model(model);
  }

  private static String fits(JsonNode row) {
    List<String> parts = new ArrayList<>();
    for (JsonNode type : row.path("instanceTypes")) {
      parts.add(
          Fields.text(type, "instanceType")
              + " "
              + Fields.text(type, "free")
              + "/"
              + Fields.text(type, "largestCluster"));
    }
    return parts.isEmpty() ? Fields.NONE : String.join(", ", parts);
  }
}
