package dev.gpucloud.tenant;

import static dev.gpucloud.tenant.fixture.Api.admin;
import static dev.gpucloud.tenant.fixture.Api.answered;
import static dev.gpucloud.tenant.fixture.Api.as;
import static dev.gpucloud.tenant.fixture.Api.json;
import static dev.gpucloud.tenant.fixture.Api.slug;
import static dev.gpucloud.tenant.fixture.Api.withKey;
import static dev.gpucloud.tenant.fixture.Grants.addReviewer;
import static dev.gpucloud.tenant.fixture.Grants.confirm;
import static dev.gpucloud.tenant.fixture.Grants.openCall;
import static dev.gpucloud.tenant.fixture.Grants.propose;
import static dev.gpucloud.tenant.fixture.Grants.review;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.tenant.fixture.BusinessNumbers;
import dev.gpucloud.tenant.fixture.Database;
import dev.gpucloud.tenant.fixture.TenantService;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * The national programme's first round at its real size, by the requests of everybody who takes
 * part: 514 tenants apply for 13,712 GPUs, five experts judge each, 159 are awarded 528 hosts, and
 * sign.
 */
@TenantService
class FirstRoundIT {
  private static final Logger LOG = Logger.getLogger(FirstRoundIT.class);
  private static final String MODEL = "b200-sxm-180g";
  private static final int AT_ONCE = 4;
  private static final int TENANTS_A_CALL = 50;
  private static final int HOST_GPUS = 8;
  private static final int LARGEST_HOSTS = 16;
  private static final List<String> REVIEWERS = List.of("ex-a", "ex-b", "ex-c", "ex-d", "ex-e");

  private final Random random = new Random(514);
  private final String round = slug("round-one");
  private final List<Applicant> applicants = new ArrayList<>();
  private final Map<Applicant, String> applications = new ConcurrentHashMap<>();

  private record Applicant(int number, String slug, String category, int gpus, boolean isGood) {
    String owner() {
      return slug + "-owner";
    }
  }

  @Test
  void theFirstRoundRunsAtItsRealSize() throws Exception {
    apply("ACADEMIA", 99, 328, true);
    apply("ACADEMIA", 221, 738, false);
    apply("ENTERPRISE", 48, 161, true);
    apply("ENTERPRISE", 107, 361, false);
    apply("RESEARCH", 12, 39, true);
    apply("RESEARCH", 27, 87, false);
    assertThat(applicants).hasSize(514);
    assertThat(applicants.stream().mapToInt(Applicant::gpus).sum()).isEqualTo(13_712);
    open();
    String call =
        openCall(
            "first-round",
            4_224,
            """
            'categoryGpus': {'ACADEMIA': 2624, 'ENTERPRISE': 1288, 'RESEARCH': 312},
            'applicantCapPct': 5, 'regionalMinPct': 20, 'minReviews': 5, 'weights': {'regional': 1}""");
    REVIEWERS.forEach(who -> addReviewer(call, who));
    Instant begin = Instant.now();
    all(applicants, applicant -> submit(call, applicant));
    all(applicants, applicant -> REVIEWERS.forEach(who -> judge(call, applicant, who)));
    Instant judged = Instant.now();

    JsonPath proposal = answered(200, propose(call)).jsonPath();

    assertThat(proposal.getInt("awards")).isEqualTo(159);
    assertThat(proposal.getMap("gpus")).containsEntry(MODEL, 4_224);
    assertThat(hosts(call, "ACADEMIA")).isEqualTo(328);
    assertThat(hosts(call, "ENTERPRISE")).isEqualTo(161);
    assertThat(hosts(call, "RESEARCH")).isEqualTo(39);
    confirm(call);
    Instant confirmed = Instant.now();
    all(applicants.stream().filter(Applicant::isGood).toList(), this::sign);
    assertThat(
            Database.number(
                "select sum(limit_gpus) from quota q join tenant t using (tenant_id)"
                    + " where q.project_id is null and t.slug like '"
                    + round
                    + "-%'"))
        .isEqualTo(4_224);
    LOG.infof(
        "514 applications and 2,570 reviews in %s, award in %s, 159 agreements in %s",
        Duration.between(begin, judged),
        Duration.between(judged, confirmed),
        Duration.between(confirmed, Instant.now()));
  }

  /** So many applicants of a category, with so many hosts among them. */
  private void apply(String category, int count, int hosts, boolean isGood) {
    int[] each = new int[count];
    Arrays.fill(each, 1);
    for (int left = hosts - count; left > 0; ) {
      int at = random.nextInt(count);
      if (each[at] < LARGEST_HOSTS) {
        each[at]++;
        left--;
      }
    }
    for (int of : each) {
      int number = applicants.size();
      String slug = round + "-" + number;
      applicants.add(new Applicant(number, slug, category, of * HOST_GPUS, isGood));
    }
  }

  private void open() {
    for (int from = 0; from < applicants.size(); from += TENANTS_A_CALL) {
      int to = Math.min(applicants.size(), from + TENANTS_A_CALL);
      String tenants =
          applicants.subList(from, to).stream()
              .map(FirstRoundIT::declared)
              .collect(Collectors.joining(","));
      answered(
          200,
          json(withKey(admin()), "{'tenants': [" + tenants + "]}").post("/admin/imports/tenants"));
    }
  }

  private static String declared(Applicant a) {
    return """
    {'slug': '%1$s', 'name': 'Applicant %2$d', 'kind': 'EXTERNAL', 'segment': '%3$s',
     'billingMode': 'EXTERNAL', 'businessNumber': '%4$s', 'members': [
       {'subject': '%5$s', 'username': '%5$s', 'roles': ['OWNER']}]}"""
        .formatted(a.slug(), a.number(), a.category(), BusinessNumbers.of(a.slug()), a.owner());
  }

  private void submit(String call, Applicant applicant) {
    String id =
        answered(
                201,
                json(
                        withKey(as(applicant.owner())),
                        """
                        {'applicant': 'Applicant %1$d', 'category': '%2$s', 'regional': %3$b,
                         'model': '%4$s', 'gpus': %5$d, 'minGpus': %5$d, 'purpose': 'Research.'}"""
                            .formatted(
                                applicant.number(),
                                applicant.category(),
                                applicant.number() % 5 < 2,
                                MODEL,
                                applicant.gpus()))
                    .post(
                        "/tenants/%s/grant-calls/%s/applications"
                            .formatted(applicant.slug(), call)))
            .jsonPath()
            .getString("id");
    applications.put(applicant, id);
  }

  private void judge(String call, Applicant applicant, String who) {
    int strict = REVIEWERS.indexOf(who) * 3;
    int points = (applicant.isGood() ? 72 : 20) + applicant.number() % 20 - strict;
    answered(201, review(who, call, applications.get(applicant), Math.max(0, points)));
  }

  private void sign(Applicant applicant) {
    String awards = "/tenants/" + applicant.slug() + "/grant-awards";
    JsonPath award = answered(200, as(applicant.owner()).get(awards)).jsonPath();
    assertThat(award.getList("items.gpus")).containsExactly(applicant.gpus());
    JsonPath signed =
        answered(
                200,
                as(applicant.owner())
                    .header("If-Match", "\"" + award.getInt("items[0].version") + "\"")
                    .post(awards + "/" + award.getString("items[0].id") + "/accept"))
            .jsonPath();
    assertThat(signed.getString("state")).isEqualTo("ACTIVE");
    assertThat(signed.getInt("raisedGpus")).isEqualTo(applicant.gpus());
  }

  private static long hosts(String call, String category) {
    return Database.number(
        """
        select coalesce(sum(w.gpus), 0) / 8 from grant_award w
        join grant_application a on a.id = w.application_id
        where a.call_id = '%s' and a.category = '%s'"""
            .formatted(call.substring("gcl_".length()), category));
  }

  private static void all(List<Applicant> applicants, Consumer<Applicant> act)
      throws InterruptedException, ExecutionException {
    try (var people = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> acts = new ArrayList<>();
      applicants.forEach(one -> acts.add(people.submit(() -> act.accept(one))));
      for (Future<?> done : acts) {
        done.get();
      }
    }
  }
}
