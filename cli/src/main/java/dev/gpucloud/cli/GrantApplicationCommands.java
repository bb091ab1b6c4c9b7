package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.GrantAwardsApi;
import dev.gpucloud.client.api.GrantCallsApi;
import dev.gpucloud.client.model.ApplyForGrant;
import dev.gpucloud.client.model.LinkGrantApplication;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code grants} does with applications. */
final class GrantApplicationCommands {
  private static final Columns COLUMNS =
      new Columns()
          .text("ID", "id")
          .text("APPLICANT", "applicant")
          .text("GPU MODEL", "model")
          .number("GPUS", "gpus")
          .text("STATE", "awardState", "state")
          .number("RANK", "rank");

  private GrantApplicationCommands() {}

  private static Call<Call.Nothing, ?> ofApplicant(TenantCommand of, boolean mine) {
    return mine
        ? GrantCallsApi.myGrantResourceListMyApplications()
        : GrantAwardsApi.tenantGrantResourceListApplicationsOfTenant(of.tenant());
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = "Apply for your tenant (owners); with --no-tenant for yourself.")
  static final class Apply extends TenantCommand {
    @Parameters(paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    @Option(names = "--no-tenant", description = "As a person without a tenant.")
    private boolean noTenant;

    @Option(names = "--applicant", required = true, description = "Who applies.")
    private String applicant = "";

    @Option(names = "--business-number", description = "Required without a tenant.")
    private @Nullable String businessNumber;

    @Option(
        names = "--category",
        required = true,
        description = "ENTERPRISE, STARTUP, ACADEMIA, RESEARCH or GOVERNMENT.")
    private String category = "";

    @Option(names = "--regional", description = "Outside the capital's region.")
    private boolean regional;

    @Option(names = "--model", required = true, description = "GPU model.")
    private String model = "";

    @Option(names = "--gpus", required = true, description = "GPUs asked for.")
    private int gpus;

    @Option(names = "--min-gpus", description = "Fewer are of no use (default: all or nothing).")
    private @Nullable Integer minGpus;

    @Option(names = "--purpose", required = true, description = "What they are for.")
    private String purpose = "";

    @Mixin private final RepeatOption repeat = new RepeatOption();

    Apply(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ApplyForGrant body = new ApplyForGrant().applicant(applicant).category(category);
      body.regional(regional).model(model).gpus(gpus).purpose(purpose);
      body.businessNumber(businessNumber).minGpus(minGpus);
      Call<ApplyForGrant, ?> apply =
          noTenant
              ? GrantCallsApi.grantCallResourceApplyWithoutTenant(call)
              : GrantAwardsApi.tenantGrantResourceApply(call, tenant());
      print(api().post(apply, body, repeat.key()).body(), one -> Fields.text(one, "id") + "\n");
      return ExitCode.OK;
    }
  }

  @Command(
      name = "applications",
      mixinStandardHelpOptions = true,
      description = "Those of your tenant; with --mine of yourself, with --call of all (platform).")
  static final class Applications extends TenantCommand {
    @Option(names = "--mine", description = "Made by you without a tenant.")
    private boolean mine;

    @Option(names = "--call", paramLabel = "CALL", description = "All of a call (platform).")
    private @Nullable String call;

    Applications(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      return show(api().list(list()), COLUMNS);
    }

    private Call<Call.Nothing, ?> list() {
      return call == null
          ? ofApplicant(this, mine)
          : GrantCallsApi.adminGrantCallResourceListApplications(call);
    }
  }

  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Take an application back while its call is OPEN.")
  static final class Withdraw extends TenantCommand {
    @Parameters(paramLabel = "ID", description = "Id of the application: gap_...")
    private String id = "";

    @Option(names = "--mine", description = "Made by you without a tenant.")
    private boolean mine;

    Withdraw(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      Call<Call.Nothing, ?> withdraw =
          mine
              ? GrantCallsApi.myGrantResourceWithdrawMyApplication(id)
              : GrantAwardsApi.tenantGrantResourceWithdrawApplication(id, tenant());
      print(actOnListed(ofApplicant(this, mine), id, withdraw), GrantsCommand::state);
      return ExitCode.OK;
    }
  }

  @Command(
      name = "link",
      mixinStandardHelpOptions = true,
      description = "Say which tenant a person's application belongs to (platform).")
  static final class Link extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "Id of the application: gap_...")
    private String id = "";

    @Parameters(index = "1", paramLabel = "TENANT", description = "Slug or id.")
    private String tenant = "";

    Link(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      var call = GrantAwardsApi.adminGrantAwardResourceLink(id);
      api().send(call, new LinkGrantApplication().tenant(tenant), Map.of());
      say("%s belongs to %s.", id, tenant);
      return ExitCode.OK;
    }
  }
}
