package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.FinanceApi;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "accounts",
    mixinStandardHelpOptions = true,
    description = "Billing accounts with their ids, and the tenants that each pays for.")
final class BillingAccountsCommand extends ListCommand {
  BillingAccountsCommand(CliContext context) {
    super(
        context,
        new Columns()
            .text("ID", "id")
            .text("BUSINESS NO", "businessNumber")
            .text("NAME", "name")
            .text("MODE", "mode")
            .left("TENANTS", BillingAccountsCommand::tenants));
  }

  @Override
  Call<Call.Nothing, ?> list() {
    return FinanceApi.accountsResourceList();
  }

  private static String tenants(JsonNode account) {
    return StreamSupport.stream(account.path("tenants").spliterator(), false)
        .map(tenant -> tenant.path("slug").asText())
        .collect(Collectors.joining(" "));
  }

  /** The option that names one of them. */
  static final class Named {
    @Option(
        names = "--account",
        required = true,
        paramLabel = "ACCOUNT",
        description = "Id of the billing account.")
    private String account = "";

    String name() {
      return account;
    }
  }
}
