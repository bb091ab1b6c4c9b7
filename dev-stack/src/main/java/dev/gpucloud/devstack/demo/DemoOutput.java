package dev.gpucloud.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.ExitCode;
import dev.gpucloud.cli.InvoiceTable;
import dev.gpucloud.cli.Json;
import dev.gpucloud.cli.Terminal;
import dev.gpucloud.verifier.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the demo's lines, its invoice and the checked bundle go. */
record DemoOutput(Terminal terminal, boolean json, Path home) {

  StepReport steps() {
    return new StepReport(terminal, json ? terminal.err() : terminal.out());
  }

  /** Keeps what was checked, so that anybody can check it again. */
  Path keep(String events, String prices, JsonNode invoice) {
    Path folder = home.resolve("demo").resolve(invoice.path("id").asText());
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("events.ndjson"), events);
      Files.writeString(folder.resolve("prices.json"), prices);
      Files.writeString(folder.resolve("invoice.json"), invoice.toPrettyString());
      return folder;
    } catch (IOException e) {
      throw new CliException(ExitCode.USAGE, "Cannot write to " + folder + ": " + e.getMessage());
    }
  }

  void result(JsonNode invoice, Report report) {
    PrintWriter out = terminal.out();
    if (json) {
      ObjectNode result = Json.object();
      result.set("invoice", invoice);
      result.put("recomputedTotal", report.expectedTotal());
      result.set("differences", Json.MAPPER.valueToTree(report.differences()));
      out.println(result.toPrettyString());
    } else {
      out.println();
      out.print(InvoiceTable.one(invoice, terminal));
      out.println();
      if (report.matches()) {
        out.println(
            terminal.styled(Terminal.Style.GREEN, terminal.text("checked:"))
                + " "
                + terminal.sentence(
                    "the separate calculation over the exported events and prices gives the same"
                        + " invoice, "
                        + DemoStory.grouped(report.expectedTotal())
                        + " won"));
      }
    }
    out.flush();
  }
}
