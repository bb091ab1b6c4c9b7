package dev.gpucloud.tenant.applications;

import dev.gpucloud.contracts.id.TenantApplicationId;
import dev.gpucloud.contracts.id.TenantId;
import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.audit.Audit;
import dev.gpucloud.kit.audit.AuditChange;
import dev.gpucloud.kit.clock.Business;
import dev.gpucloud.kit.http.ETags;
import dev.gpucloud.kit.page.Page;
import dev.gpucloud.kit.page.PageRequest;
import dev.gpucloud.kit.tx.Transactions;
import dev.gpucloud.tenant.engine.TenantAction;
import dev.gpucloud.tenant.engine.TenantLife;
import dev.gpucloud.tenant.engine.TenantState;
import dev.gpucloud.tenant.members.MemberRepository;
import dev.gpucloud.tenant.notifications.Notice;
import dev.gpucloud.tenant.notifications.NotificationConfig;
import dev.gpucloud.tenant.notifications.Notifications;
import dev.gpucloud.tenant.notifications.engine.NotificationKind;
import dev.gpucloud.tenant.onboarding.Onboarding;
import dev.gpucloud.tenant.request.Refusals;
import dev.gpucloud.tenant.request.UniqueViolations;
import dev.gpucloud.tenant.tenants.Actor;
import dev.gpucloud.tenant.tenants.TenantMove;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes applications in and decides them. */
@ApplicationScoped
class ApplicationService {
  private final Transactions transactions;
  private final ApplicationRepository applications;
  private final TenantRepository tenants;
  private final MemberRepository members;
  private final Onboarding onboarding;
  private final Audit audit;
  private final Notifications notifications;
  private final NotificationConfig told;
  private final ApplicationConfig config;
  private final InstantSource clock;

  ApplicationService(
      Transactions transactions,
      ApplicationRepository applications,
      TenantRepository tenants,
      MemberRepository members,
      Onboarding onboarding,
      Audit audit,
      Notifications notifications,
      NotificationConfig told,
      ApplicationConfig config,
      @Business InstantSource clock) {
    this.transactions = transactions;
    this.applications = applications;
    this.tenants = tenants;
    this.members = members;
    this.onboarding = onboarding;
    this.audit = audit;
    this.notifications = notifications;
    this.told = told;
    this.config = config;
    this.clock = clock;
  }

  /** What is done to an application, by whom, on which version. */
  record Step(
      TenantAction action,
      Actor by,
      @Nullable String ifMatch,
      @Nullable String note,
      @Nullable String sharesAccountWith) {}

  // ---- by the applicant

  /** Who applies, and the address that the identity provider has verified to be theirs. */
  record Applicant(Actor actor, String email) {}

  /** Takes an application in, in the caller's transaction. */
  Uni<ApplicationView> apply(Mutiny.Session session, Application asked, Applicant by) {
    String slug = asked.spec().slug();
    return members
        .ofSubject(session, by.actor().subject(), 1)
        .invoke(
            found -> {
              if (!found.isEmpty()) {
                throw ProblemType.STATE_CONFLICT.because(
                    "You are a member of a tenant already; its owner can open projects there.");
              }
            })
        .chain(() -> applications.open(session, by.actor().subject(), slug))
        .invoke(open -> refuseSecond(open, by.actor(), slug))
        .chain(() -> requireRest(session, by.actor()))
        .chain(() -> tenants.findBySlug(session, slug))
        .invoke(
            taken -> {
              if (taken != null) {
                throw slugInUse(slug);
              }
            })
        .chain(
            () -> {
              var row = ApplicationEntity.of(asked, by.actor(), clock.instant());
              return session.persist(row).chain(session::flush).replaceWith(row);
            })
        .onFailure(UniqueViolations::is)
        .transform(raced -> slugInUse(slug))
        .call(row -> notifyApplicant(session, row, NotificationKind.APPLICATION_RECEIVED))
        .call(row -> notifyPlatform(session, row, by))
        .map(ApplicationView::of);
  }

  /** Who applies and withdraws over and over would have the platform written to each time. */
  private Uni<Void> requireRest(Mutiny.Session session, Actor by) {
    Instant since = clock.instant().minus(Duration.ofDays(1));
    return applications
        .countSince(session, by.subject(), since)
        .invoke(
            made -> {
              if (made >= config.mostPerDay()) {
                throw ProblemType.STATE_CONFLICT
                    .because(
                        "You have applied %d times within 24 hours; apply again tomorrow."
                            .formatted(made))
                    .with("limit", config.mostPerDay());
              }
            })
        .replaceWithVoid();
  }

  private static void refuseSecond(@Nullable ApplicationEntity open, Actor by, String slug) {
    if (open == null) {
      return;
    }
    if (open.applicant().subject().equals(by.subject())) {
      throw ProblemType.ALREADY_EXISTS
          .because("You have an application already that waits; withdraw it first.")
          .with("application", open.id());
    }
    throw slugInUse(slug);
  }

  private static ProblemException slugInUse(String slug) {
    return ProblemType.ALREADY_EXISTS
        .because("The slug '" + slug + "' is in use.")
        .at("/slug", "is in use");
  }

  Uni<Page<ApplicationView>> listOf(String subject, PageRequest page) {
    return transactions
        .asSystem(
            session ->
                rows(session, Optional.of(subject), Optional.empty(), Optional.empty(), page))
        .map(rows -> page(page, rows, ApplicationView::of));
  }

  /** The applicant's own application; that of anybody else is NOT_FOUND. */
  Uni<ApplicationView> loadOf(String subject, String id) {
    return transactions
        .asSystem(session -> own(session, subject, id, LockModeType.NONE))
        .map(ApplicationView::of);
  }

  private Uni<ApplicationEntity> own(
      Mutiny.Session session, String subject, String id, LockModeType lock) {
    return load(session, id, lock)
        .invoke(
            row -> {
              if (!row.applicant().subject().equals(subject)) {
                throw notFound();
              }
            });
  }

  Uni<ApplicationView> withdraw(String id, Step step) {
    return transactions
        .asSystem(
            session ->
                own(session, step.by().subject(), id, LockModeType.PESSIMISTIC_WRITE)
                    .call(
                        row ->
                            told(
                                session,
                                row,
                                step,
                                Uni.createFrom().voidItem().invoke(() -> enter(row, step)))))
        .map(ApplicationView::of);
  }

  /** Carries a step out and tells the audit log what it made of the application. */
  private Uni<Void> told(
      Mutiny.Session session, ApplicationEntity row, Step step, Uni<?> carriedOut) {
    ApplicationView before = ApplicationView.of(row);
    String verb = step.action().name().toLowerCase(Locale.ROOT);
    return carriedOut.chain(
        () ->
            audit.changed(
                session,
                AuditChange.of(
                        "tenant.application." + verb, "tenant-application", row.id().toString())
                    .from(before)
                    .to(ApplicationView.of(row))));
  }

  // ---- by the platform

  /** The review queue, or all there were. */
  Uni<Page<ApplicationView>> list(
      Optional<TenantState> state, Optional<String> slug, PageRequest page) {
    return transactions.asPlatform(
        session ->
            rows(session, Optional.empty(), state, slug, page)
                .chain(
                    rows ->
                        holders(session, rows)
                            .map(
                                held ->
                                    page(
                                        page,
                                        rows,
                                        row -> ApplicationView.of(row, holders(row, held))))));
  }

  private Uni<Map<String, List<String>>> holders(
      Mutiny.Session session, List<ApplicationEntity> rows) {
    List<String> numbers =
        rows.stream().map(row -> row.spec().businessNumber()).filter(Objects::nonNull).toList();
    return numbers.isEmpty() ? Uni.createFrom().item(Map.of()) : tenants.holders(session, numbers);
  }

  private static List<String> holders(ApplicationEntity row, Map<String, List<String>> held) {
    String number = row.spec().businessNumber();
    return number == null ? List.of() : held.getOrDefault(number, List.of());
  }

  private static Page<ApplicationView> page(
      PageRequest page,
      List<ApplicationEntity> rows,
      Function<ApplicationEntity, ApplicationView> view) {
    return page.page(rows, view, row -> Map.of("id", row.id().value().toString()));
  }

  private Uni<List<ApplicationEntity>> rows(
      Mutiny.Session session,
      Optional<String> subject,
      Optional<TenantState> state,
      Optional<String> slug,
      PageRequest page) {
    var filter = new ApplicationRepository.Filter(subject, state, slug, page.afterId());
    return applications.page(session, filter, page.limit());
  }

  Uni<ApplicationView> loadForPlatform(String id) {
    return transactions.asPlatform(
        session ->
            load(session, id, LockModeType.NONE)
                .chain(
                    row ->
                        holders(session, List.of(row))
                            .map(held -> ApplicationView.of(row, holders(row, held)))));
  }

  Uni<ApplicationView> reject(String id, Step step) {
    return transactions
        .asPlatform(
            session ->
                load(session, id, LockModeType.PESSIMISTIC_WRITE)
                    .call(row -> told(session, row, step, reject(row, step)))
                    .call(
                        row ->
                            notifyApplicant(session, row, NotificationKind.APPLICATION_REJECTED)))
        .map(ApplicationView::of);
  }

  private Uni<Void> reject(ApplicationEntity row, Step step) {
    return Uni.createFrom()
        .voidItem()
        .invoke(() -> enter(row, step))
        .invoke(() -> row.decided(step.by(), step.note(), null, clock.instant()));
  }

  /**
   * Opens the tenant with its owner and first project, all or nothing. The tree's lock comes first
   * here as everywhere, so that two decisions cannot wait for each other.
   */
  Uni<ApplicationView> approve(String id, Step step) {
    return transactions
        .asPlatform(
            session ->
                tenants
                    .lockTree(session)
                    .chain(() -> load(session, id, LockModeType.PESSIMISTIC_WRITE))
                    .invoke(row -> allowed(row, step))
                    .invoke(row -> requireSecondPerson(row, step))
                    .call(
                        row ->
                            told(session, row, step, open(session, row, step, allowed(row, step)))))
        .map(ApplicationView::of);
  }

  /** Who asks does not decide, whatever roles they have. */
  private static void requireSecondPerson(ApplicationEntity row, Step step) {
    if (row.applicant().subject().equals(step.by().subject())) {
      throw ProblemType.FOUR_EYES.because(
          "You applied for this tenant yourself; another platform admin approves it.");
    }
  }

  private Uni<ApplicationEntity> open(
      Mutiny.Session session, ApplicationEntity row, Step step, TenantLife next) {
    Actor applicant = row.applicant();
    Instant now = clock.instant();
    return onboarding
        .open(
            session,
            new Onboarding.Opening(
                row.spec(),
                row.projectSlug(),
                applicant,
                List.of(
                    TenantMove.applied(applicant, row.purpose(), row.createdAt()),
                    TenantMove.of(
                        TenantAction.APPROVE,
                        TenantState.APPLIED,
                        TenantState.APPROVED,
                        step.by(),
                        step.note(),
                        now),
                    TenantMove.of(
                        TenantAction.ACTIVATE,
                        TenantState.APPROVED,
                        TenantState.ACTIVE,
                        step.by(),
                        null,
                        now)),
                step.sharesAccountWith()))
        .invoke(
            tenant -> {
              row.enter(next.state(), now);
              row.decided(step.by(), step.note(), tenant.id(), now);
            })
        .chain(() -> notifyApplicant(session, row, NotificationKind.APPLICATION_APPROVED))
        .replaceWith(row);
  }

  private Uni<Void> notifyApplicant(
      Mutiny.Session session, ApplicationEntity row, NotificationKind kind) {
    Notice notice =
        Notice.of(kind, row.openedTenant(), row.id().toString(), clock.instant())
            .person(row.applicant().subject())
            .with("tenantName", row.spec().name());
    return notifications.tell(
        session,
        kind == NotificationKind.APPLICATION_RECEIVED ? notice : notice.with("note", row.note()));
  }

  private Uni<Void> notifyPlatform(Mutiny.Session session, ApplicationEntity row, Applicant by) {
    return platformTenant(session)
        .chain(
            tenant ->
                notifications.tell(
                    session,
                    Notice.of(
                            NotificationKind.APPLICATION_SUBMITTED,
                            tenant,
                            row.id().toString(),
                            clock.instant())
                        .with("tenantName", row.spec().name())
                        .with("slug", row.spec().slug())
                        .with("applicant", by.actor().name())
                        .with("email", by.email())
                        .with("purpose", row.purpose())
                        .with("application", row.id())));
  }

  private Uni<@Nullable TenantId> platformTenant(Mutiny.Session session) {
    return told.platformTenant().isEmpty()
        ? Uni.createFrom().nullItem()
        : tenants
            .findBySlug(session, told.platformTenant().get())
            .map(tenant -> tenant == null ? null : tenant.id());
  }

  private void enter(ApplicationEntity row, Step step) {
    row.enter(allowed(row, step).state(), clock.instant());
  }

  private static TenantLife allowed(ApplicationEntity row, Step step) {
    ETags.require(step.ifMatch(), row.version());
    return step.action()
        .on(TenantLife.of(row.state()))
        .orElseThrow(() -> Refusals.notAllowed("application", step.action(), row.state()));
  }

  private Uni<ApplicationEntity> load(Mutiny.Session session, String id, LockModeType lock) {
    TenantApplicationId parsed;
    try {
      parsed = TenantApplicationId.parse(id);
    } catch (IllegalArgumentException e) {
      throw notFound();
    }
    return applications
        .find(session, parsed, lock)
        .map(
            row -> {
              if (row == null) {
                throw notFound();
              }
              return row;
            });
  }

  private static ProblemException notFound() {
    return Refusals.notFound("application");
  }
}
