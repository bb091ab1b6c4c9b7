package dev.gpucloud.tenant.engine;

import dev.gpucloud.contracts.event.TenantFact;
import dev.gpucloud.contracts.text.Texts;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one tenant must satisfy by itself; {@link TenantTree} has what concerns its parents. */
public final class TenantRules {
  private static final int MAX_NAME_LENGTH = 120;
  private static final int MAX_PROGRAMME_LENGTH = 63;
  private static final long MAX_CREDIT_KRW = 1_000_000_000_000L;
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

  /** CSAP zones from the least to the most protected. */
  public static final List<String> CSAP_ZONES = List.of("none", "low", "medium", "high");

  private TenantRules() {}

  /** Adds what is wrong with the tenant declared at the pointer {@code at}. */
  public static void check(TenantSpec tenant, String at, Violations violations) {
    Slugs.tenantRefusal(tenant.slug()).ifPresent(why -> violations.add(at + "/slug", why));
    checkName(tenant.name(), at + "/name", violations);
    if (tenant.businessNumber() != null) {
      BusinessNumber.refusal(tenant.businessNumber())
          .ifPresent(why -> violations.add(at + "/businessNumber", why));
    }
    if (tenant.kind() != null) {
      checkKind(tenant, tenant.kind(), at, violations);
    }
    if (tenant.programme() != null) {
      checkProgramme(tenant.programme(), at + "/programme", violations);
    }
    if (tenant.residency() != null) {
      checkResidency(tenant.residency(), at + "/residency", violations);
    }
    if (tenant.suspensionPolicy() != null) {
      tenant.suspensionPolicy().check(at + "/suspensionPolicy", violations);
    }
  }

  /** Adds what is wrong with a display name. */
  public static void checkName(@Nullable String name, String at, Violations violations) {
    if (name != null && !Texts.isPrintable(name, MAX_NAME_LENGTH)) {
      violations.add(at, "expected 1 to " + MAX_NAME_LENGTH + " printable characters");
    }
  }

  private static void checkKind(
      TenantSpec tenant, TenantKind kind, String at, Violations violations) {
    if (kind == TenantKind.EXTERNAL && tenant.segment() == null) {
      violations.add(at + "/segment", "an EXTERNAL tenant needs one of " + names(Segment.class));
    }
    if (kind != TenantKind.EXTERNAL && tenant.segment() != null) {
      violations.add(at + "/segment", "only an EXTERNAL tenant has a segment");
    }
    if (kind == TenantKind.GROUP && tenant.parent() != null) {
      violations.add(at + "/parent", "a GROUP has no parent");
    }
    if (kind == TenantKind.SUBSIDIARY && tenant.parent() == null) {
      violations.add(at + "/parent", "a SUBSIDIARY needs the slug of its parent");
    }
    checkBilling(tenant, kind, at, violations);
  }

  private static void checkBilling(
      TenantSpec tenant, TenantKind kind, String at, Violations violations) {
    Set<BillingMode> allowed =
        switch (kind) {
          case GROUP -> EnumSet.of(BillingMode.SHOWBACK);
          case SUBSIDIARY ->
              EnumSet.of(BillingMode.GROUP_SERVICE, BillingMode.COST_SHARE, BillingMode.SHOWBACK);
          case EXTERNAL -> EnumSet.of(BillingMode.EXTERNAL);
        };
    BillingMode mode = tenant.billingMode();
    if (mode == null) {
      if (kind != TenantKind.GROUP) {
        violations.add(at + "/billingMode", kind + " needs one of " + allowed);
      }
    } else if (!allowed.contains(mode)) {
      violations.add(at + "/billingMode", kind + " allows " + allowed + ", not " + mode);
    } else if (mode.needsBusinessNumber() && tenant.businessNumber() == null) {
      violations.add(
          at + "/businessNumber", "billing mode " + mode + " needs a business registration number");
    }
  }

  private static void checkProgramme(
      TenantFact.Programme programme, String at, Violations violations) {
    String name = programme.name();
    if (!Texts.isPrintable(name, MAX_PROGRAMME_LENGTH)) {
      violations.add(
          at + "/name", "expected 1 to " + MAX_PROGRAMME_LENGTH + " printable characters");
    }
    Long credit = programme.creditKrw();
    Integer share = programme.customerSharePct();
    if (credit == null && share == null) {
      violations.add(at, "a programme gives creditKrw, customerSharePct or both");
    }
    if (credit != null && (credit < 1 || credit > MAX_CREDIT_KRW)) {
      violations.add(at + "/creditKrw", "expected 1 to " + MAX_CREDIT_KRW + " won");
    }
    if (share != null && (share < 0 || share > 100)) {
      violations.add(at + "/customerSharePct", "expected 0 to 100 per cent");
    }
  }

  private static void checkResidency(
      TenantFact.Residency residency, String at, Violations violations) {
    String country = residency.country();
    if (country != null && !(COUNTRY.matcher(country).matches() && COUNTRIES.contains(country))) {
      violations.add(at + "/country", "expected an ISO 3166 country of two capitals, such as KR");
    }
    String zone = residency.minCsapZone();
    if (zone != null && !CSAP_ZONES.contains(zone)) {
      violations.add(at + "/minCsapZone", "expected one of " + CSAP_ZONES);
    }
    if (country == null && zone == null) {
      violations.add(at, "a residency names country, minCsapZone or both");
    }
  }

  private static <E extends Enum<E>> List<String> names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
  }
}
