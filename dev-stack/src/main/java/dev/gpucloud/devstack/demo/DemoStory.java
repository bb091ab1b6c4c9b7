package dev.gpucloud.devstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.cli.ApiClient;
import dev.gpucloud.cli.ApiProblem;
import dev.gpucloud.cli.CliException;
import dev.gpucloud.cli.ExitCode;
import dev.gpucloud.cli.FinanceInvoices;
import dev.gpucloud.cli.InstanceApi;
import dev.gpucloud.cli.InstanceTypes;
import dev.gpucloud.cli.Terminal;
import dev.gpucloud.client.api.FinanceApi;
import dev.gpucloud.client.api.ProjectsApi;
import dev.gpucloud.client.model.CreateInstanceRequest;
import dev.gpucloud.contracts.time.BillingMonth;
import dev.gpucloud.verifier.InvoiceOracle;
import dev.gpucloud.verifier.Report;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays the story once. The business clock stands still while anything happens and moves only
 * between, so every stamp, and with it the invoice, depends on the arguments alone. However it
 * ends, no instance of the run stays and the clock runs on.
 */
final class DemoStory {
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(60);
  private static final Duration LAST_WORD = Duration.ofSeconds(15);
  private static final Duration CHANGE = Duration.ofMinutes(4);
  private static final int CLOCK_STEPS_PER_HALF = 6;
  private static final int SHOWN_OTHERS = 3;
  private static final Set<String> AT_REST = Set.of("STOPPED", "DELETED", "FAILED");
  private static final String NOBODY = "";

  private final DemoArguments arguments;
  private final DemoClients clients;
  private final StackControl control;
  private final DemoOutput output;
  private final List<String> instanceIds = new CopyOnWriteArrayList<>();
  private final Set<String> statesSeen = new LinkedHashSet<>();
  private String project = NOBODY;
  private volatile @Nullable InstanceApi used;

  DemoStory(DemoArguments arguments, DemoClients clients, StackControl control, DemoOutput output) {
    this.arguments = arguments;
    this.clients = clients;
    this.control = control;
    this.output = output;
  }

  ExitCode play() {
    checkKills();
    Thread onAbort = Thread.ofPlatform().unstarted(this::abort);
    Runtime.getRuntime().addShutdownHook(onAbort);
    try (StepReport steps = output.steps()) {
      return play(steps);
    } finally {
      letTheClockRun();
      Runtime.getRuntime().removeShutdownHook(onAbort);
    }
  }

  private ExitCode play(StepReport steps) {
    begin(steps, DemoStep.LOGIN);
    ApiClient operator = clients.operatorOf(arguments.tenant());
    ApiClient finance = clients.finance();
    ApiClient approver = clients.approver();
    project = firstProject(operator);
    steps.done("%s-operator, finance, approver".formatted(arguments.tenant()));
    boolean finished = false;
    InstanceApi instances = new InstanceApi(operator, project);
    used = instances;
    try {
      catalogue(steps, operator);
      tellOfOthers(steps, operator);
      BillableMonth month = clock(steps, finance);
      use(steps, instances, month);
      finished = true;
      used = null;
      return bill(steps, finance, approver, month.month());
    } finally {
      if (!finished) {
        steps.failed();
        removeInstances(instances, instanceIds, output.terminal());
      }
    }
  }

  // ---- the operator

  private List<String> projects(ApiClient operator) {
    TreeSet<String> slugs = new TreeSet<>();
    operator
        .list(ProjectsApi.projectResourceList(arguments.tenant()))
        .path("items")
        .forEach(p -> slugs.add(arguments.tenant() + "." + p.path("slug").asText()));
    return List.copyOf(slugs);
  }

  /** Right after a first start a service may not have heard of the tenant's people yet. */
  private List<String> projectsOnceKnown(ApiClient operator) {
    long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
    while (true) {
      try {
        return projects(operator);
      } catch (ApiProblem problem) {
        if (problem.status() != 404 || System.nanoTime() > deadline) {
          throw problem;
        }
        rest();
      }
    }
  }

  private static void rest() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException(ExitCode.INTERNAL, "Interrupted.");
    }
  }

  private String firstProject(ApiClient operator) {
    List<String> slugs = projectsOnceKnown(operator);
    if (slugs.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "The tenant " + arguments.tenant() + " has no project to create instances in.",
          "what to do: choose another --tenant, or let an owner create a project");
    }
    return slugs.getFirst();
  }

  /** What else the tenant has up lands on the same invoice, and changes its won. */
  private void tellOfOthers(StepReport steps, ApiClient operator) {
    List<String> others = new ArrayList<>();
    for (String other : projects(operator)) {
      for (JsonNode instance : new InstanceApi(operator, other).list().path("items")) {
        if (!AT_REST.contains(instance.path("state").asText())) {
          others.add(instance.path("name").asText());
        }
      }
    }
    if (!others.isEmpty()) {
      String more = others.size() > SHOWN_OTHERS ? ", ..." : "";
      steps.note(
          "note: %s has %d running already, billed too: %s%s"
              .formatted(
                  arguments.tenant(),
                  others.size(),
                  String.join(", ", others.subList(0, Math.min(SHOWN_OTHERS, others.size()))),
                  more));
    }
  }

  private void catalogue(StepReport steps, ApiClient operator) {
    begin(steps, DemoStep.CATALOGUE);
    JsonNode types = InstanceTypes.list(operator).path("items");
    List<String> ids = new ArrayList<>();
    for (JsonNode type : types) {
      ids.add(type.path("id").asText());
      if (type.path("id").asText().equals(arguments.type())) {
        steps.done("%d instance types; %s".formatted(types.size(), InstanceTypes.sentence(type)));
        return;
      }
    }
    throw new CliException(
        ExitCode.USAGE,
        "There is no instance type '" + arguments.type() + "'.",
        "valid types: " + String.join(", ", ids));
  }

  private void use(StepReport steps, InstanceApi instances, BillableMonth month) {
    create(steps, instances, month);
    boot(steps, instances);
    pass(steps, DemoStep.RUN, month.from(), arguments.firstHalf());
    stopFirst(steps, instances);
    pass(steps, DemoStep.REST, month.from().plus(arguments.firstHalf()), arguments.secondHalf());
    deleteAll(steps, instances);
    begin(steps, DemoStep.MONTH_END);
    control.advanceTo(month.month().end());
    steps.done("business clock at " + seoul(month.month().end()));
  }

  private void create(StepReport steps, InstanceApi instances, BillableMonth month) {
    begin(steps, DemoStep.CREATE);
    String run = ApiClient.newIdempotencyKey();
    String base = "demo-" + month.month() + "-" + run.substring(0, 6);
    for (int i = 1; i <= arguments.count(); i++) {
      steps.at(i + " of " + arguments.count());
      JsonNode created =
          instances.create(
              new CreateInstanceRequest().name(base + "-" + i).instanceType(arguments.type()),
              run + "-" + i);
      instanceIds.add(created.path("id").asText());
      statesSeen.add(created.path("state").asText());
    }
    steps.done("%d x %s in %s, accepted".formatted(arguments.count(), arguments.type(), project));
  }

  private void boot(StepReport steps, InstanceApi instances) {
    begin(steps, DemoStep.BOOT);
    for (String id : instanceIds) {
      instances.await(
          id,
          "RUNNING",
          CHANGE,
          seen -> {
            statesSeen.add(seen.path("state").asText());
            steps.at(seen.path("name").asText() + " " + seen.path("state").asText());
          });
    }
    steps.done(String.join(" -> ", statesSeen));
  }

  private void pass(StepReport steps, DemoStep step, Instant from, Duration length) {
    begin(steps, step);
    for (int i = 1; i <= CLOCK_STEPS_PER_HALF; i++) {
      Instant to = from.plus(length.multipliedBy(i).dividedBy(CLOCK_STEPS_PER_HALF));
      control.advanceTo(to);
      steps.at("business clock at " + seoul(to));
    }
    steps.done(
        "%s h pass, business clock at %s".formatted(hours(length), seoul(from.plus(length))));
  }

  private void stopFirst(StepReport steps, InstanceApi instances) {
    begin(steps, DemoStep.STOP);
    String id = instanceIds.getFirst();
    unlessDone(() -> instances.stop(id, ApiClient.newIdempotencyKey()));
    JsonNode stopped =
        instances.await(id, "STOPPED", CHANGE, seen -> steps.at(seen.path("state").asText()));
    steps.done(stopped.path("name").asText() + " STOPPED");
  }

  private void deleteAll(StepReport steps, InstanceApi instances) {
    begin(steps, DemoStep.DELETE);
    for (String id : instanceIds) {
      unlessDone(() -> instances.delete(id, ApiClient.newIdempotencyKey()));
    }
    for (String id : instanceIds) {
      instances.await(
          id, "DELETED", CHANGE, seen -> steps.at(id + " " + seen.path("state").asText()));
    }
    steps.done(instanceIds.size() + " DELETED, GPUs scrubbed and free again");
  }

  /**
   * A repeated stop or delete whose first answer was lost meets its own effect: that is success.
   */
  private static void unlessDone(Runnable request) {
    try {
      request.run();
    } catch (ApiProblem problem) {
      if (!problem.code().equals("STATE_CONFLICT") && problem.status() != 404) {
        throw problem;
      }
    }
  }

  /** Ctrl-C: the same as at any other failure. */
  private void abort() {
    InstanceApi left = used;
    if (left != null) {
      removeInstances(left, instanceIds, output.terminal());
    }
    letTheClockRun();
  }

  /** Tells of each that stays, and goes on: what brought us here is the failure to report. */
  static void removeInstances(InstanceApi instances, List<String> ids, Terminal terminal) {
    for (String id : ids) {
      try {
        unlessDone(() -> instances.delete(id, ApiClient.newIdempotencyKey()));
      } catch (CliException left) {
        terminal
            .err()
            .println(terminal.sentence("Instance " + id + " is not deleted: " + left.getMessage()));
        terminal.err().flush();
      }
    }
  }

  // ---- the clock

  private BillableMonth clock(StepReport steps, ApiClient finance) {
    begin(steps, DemoStep.CLOCK);
    control.freeze();
    Instant now = control.now();
    BillableMonth month =
        BillableMonth.choose(now, arguments.length(), isTouched(finance, BillingMonth.of(now)));
    control.advanceTo(month.from());
    steps.done("frozen at %s, billing %s".formatted(seoul(month.from()), month.month()));
    return month;
  }

  private boolean isTouched(ApiClient finance, BillingMonth month) {
    JsonNode invoices =
        new FinanceInvoices(finance).list(arguments.tenant(), month.toString(), null);
    boolean invoiced = !invoices.path("items").isEmpty();
    return invoiced || !events(finance, month).isBlank();
  }

  private void letTheClockRun() {
    try {
      control.run();
    } catch (CliException alreadyGone) {
      Terminal terminal = output.terminal();
      terminal
          .err()
          .println(terminal.sentence("The business clock could not be set running again."));
      terminal.err().flush();
    }
  }

  private static String seoul(Instant instant) {
    return instant.atZone(BillingMonth.ZONE).toLocalDateTime() + " KST";
  }

  private static String hours(Duration length) {
    double hours = length.toMinutes() / 60.0;
    return hours == Math.rint(hours) ? Long.toString((long) hours) : Double.toString(hours);
  }

  // ---- finance

  private ExitCode bill(
      StepReport steps, ApiClient finance, ApiClient approver, BillingMonth month) {
    meter(steps, finance, month);
    FinanceInvoices asFinance = new FinanceInvoices(finance);
    begin(steps, DemoStep.DRAFT);
    JsonNode draft =
        asFinance.draft(arguments.tenant(), month.toString(), ApiClient.newIdempotencyKey());
    String id = draft.path("id").asText();
    steps.done("%s, total %s won".formatted(id, won(draft)));
    asFinance.lookAtAnomalies(id, "The demo bills what it has just run.");
    advance(
        steps,
        DemoStep.REVIEW,
        asFinance,
        id,
        FinanceInvoices.Step.SUBMIT,
        "IN_REVIEW",
        "finance submits");
    advance(
        steps,
        DemoStep.APPROVE,
        new FinanceInvoices(approver),
        id,
        FinanceInvoices.Step.APPROVE,
        "APPROVED",
        "approver approves");
    JsonNode issued =
        advance(
            steps,
            DemoStep.ISSUE,
            asFinance,
            id,
            FinanceInvoices.Step.ISSUE,
            "ISSUED",
            "finance issues");
    return verify(steps, finance, month, issued);
  }

  private void meter(StepReport steps, ApiClient finance, BillingMonth month) {
    begin(steps, DemoStep.METER);
    var readiness = FinanceApi.readinessResourceShow(month.toString()).tenant(arguments.tenant());
    JsonNode[] last = new JsonNode[1];
    boolean ready =
        becomes(
            () -> {
              last[0] = finance.get(readiness).body();
              steps.at("waiting for " + last[0].path("blockers"));
              return last[0].path("ready").asBoolean();
            });
    if (!ready) {
      throw new CliException(
          ExitCode.WAITED_IN_VAIN,
          "The month " + month + " does not become ready to be invoiced.",
          "blockers: " + last[0].path("blockers"));
    }
    steps.done("every event metered and rated, month ready");
  }

  private JsonNode advance(
      StepReport steps,
      DemoStep step,
      FinanceInvoices api,
      String id,
      FinanceInvoices.Step action,
      String state,
      String sentence) {
    begin(steps, step);
    JsonNode invoice;
    try {
      invoice = actOnceClear(api, id, action);
    } catch (ApiProblem problem) {
      // The answer to a request that was carried out may have died with its service.
      invoice = api.load(id);
      if (!invoice.path("state").asText().equals(state)) {
        throw problem;
      }
    }
    steps.done("%s: %s".formatted(sentence, invoice.path("state").asText()));
    return invoice;
  }

  /**
   * The agents' last heartbeats come to billing beside the events, and block until they are there.
   */
  private static JsonNode actOnceClear(
      FinanceInvoices api, String id, FinanceInvoices.Step action) {
    long deadline = System.nanoTime() + LAST_WORD.toNanos();
    while (true) {
      try {
        return api.act(id, action);
      } catch (ApiProblem problem) {
        if (!problem.code().equals("CHECKLIST_OPEN") || System.nanoTime() > deadline) {
          throw problem;
        }
        rest();
      }
    }
  }

  private ExitCode verify(
      StepReport steps, ApiClient finance, BillingMonth month, JsonNode issued) {
    begin(steps, DemoStep.VERIFY);
    JsonNode invoice = new FinanceInvoices(finance).load(issued.path("id").asText());
    String events = events(finance, month);
    String prices = finance.get(FinanceApi.exportsResourcePrices()).text();
    Path kept = output.keep(events, prices, invoice);
    Report report = new InvoiceOracle().verify(events, prices, invoice.toString());
    if (report.matches()) {
      steps.done("recomputed from %d exported events".formatted(events.lines().count()));
      output.result(invoice, report);
      return ExitCode.OK;
    }
    steps.failed();
    output.result(invoice, report);
    throw new CliException(
        ExitCode.CHECK_FAILED,
        "The invoice is not what the exported events and prices come to.",
        Stream.concat(report.differences().stream(), Stream.of("bundle: " + kept))
            .toArray(String[]::new));
  }

  private String events(ApiClient finance, BillingMonth month) {
    return finance
        .get(FinanceApi.exportsResourceEvents().tenant(arguments.tenant()).month(month))
        .text();
  }

  private static String won(JsonNode invoice) {
    return grouped(invoice.path("total").path("amount").asText());
  }

  /** Whole won with thousands separated. */
  static String grouped(String won) {
    return String.format(Locale.ROOT, "%,d", new BigDecimal(won).toBigIntegerExact());
  }

  // ---- shared

  private void checkKills() {
    List<String> components = control.components();
    for (Kill kill : arguments.kills()) {
      if (!components.contains(kill.component())) {
        throw new CliException(
            ExitCode.USAGE,
            "The stack has no component '" + kill.component() + "'.",
            "valid: " + String.join(", ", components));
      }
    }
  }

  private void begin(StepReport steps, DemoStep step) {
    steps.begin(step);
    for (Kill kill : arguments.kills()) {
      if (kill.step() == step) {
        control.kill(kill.component());
        steps.note("killed " + kill.component());
      }
    }
  }

  private static boolean becomes(BooleanSupplier condition) {
    long deadline = System.nanoTime() + CHANGE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(250);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
